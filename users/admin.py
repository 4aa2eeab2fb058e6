from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from .models import User

PREFERENCES = ("Preferences", {"fields": ["language", "region", "favorite_genres"]})


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["username", "email", "=id"]
    ordering = ["-date_joined"]
    show_full_result_count = False
    fieldsets = (*DjangoUserAdmin.fieldsets, PREFERENCES)
    add_fieldsets = (
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    )
