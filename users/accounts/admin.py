from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from users.lists.kinds import LISTS
from users.lists.reading import counts

from .models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["username", "email", "=id"]
    ordering = ["-date_joined"]
    show_full_result_count = False
    # Preferences belong to the user, and the admin would not validate them.
    readonly_fields = ["language", "region", "favorite_genres", "movies_on_lists"]
    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        ("Preferences", {"fields": ["language", "region", "favorite_genres"]}),
        ("Lists", {"fields": ["movies_on_lists"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    )

    def get_deleted_objects(
        self, objs: QuerySet[User] | Sequence[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Count what is deleted with the users. Django would list each entry of each list."""
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

    @admin.display(description="Movies")
    def movies_on_lists(self, user: User) -> str:
        return format_html_join(", ", "{} {}", ((n, name) for name, n in counts(user).items()))
