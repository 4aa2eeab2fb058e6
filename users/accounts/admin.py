from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.html import format_html_join

from users.lists.kinds import LISTS
from users.lists.reading import counts

from .models import User

PREFERENCES = ("Preferences", {"fields": ["language", "region", "favorite_genres"]})
ON_LISTS = ("Lists", {"fields": ["films_on_lists"]})


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["username", "email", "=id"]
    ordering = ["-date_joined"]
    show_full_result_count = False
    # Preferences are the user's; here nothing would check them.
    readonly_fields = ["language", "region", "favorite_genres", "films_on_lists"]
    fieldsets = (*DjangoUserAdmin.fieldsets, PREFERENCES, ON_LISTS)
    add_fieldsets = (
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    )

    def get_deleted_objects(self, objs, request):
        """Count what goes with a user: Django would list each film of each list."""
        users = [str(user) for user in objs]
        counted = {"users": len(users)}
        for kind in LISTS.values():
            counted[kind.title] = kind.model.objects.filter(user__in=objs).count()
        forbidden = {
            str(kind.model._meta.verbose_name)
            for kind in LISTS.values()
            if not self.admin_site.get_model_admin(kind.model).has_delete_permission(request)
        }
        return users, counted, forbidden, []

    @admin.display(description="Films")
    def films_on_lists(self, user: User) -> str:
        return format_html_join(", ", "{} {}", ((n, name) for name, n in counts(user).items()))
