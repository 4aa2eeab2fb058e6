import re
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from movie_recommendation_backend.admin_lists import BoundedAdmin
from users.lists.kinds import LISTS
from users.lists.reading import counts

from .models import User

USER_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@admin.register(User)
class UserAdmin(BoundedAdmin, DjangoUserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    # Shows the search box. `get_search_results` does the search.
    search_fields = ["username"]
    search_help_text = "A username or its beginning, an email address or an id"
    ordering = ["-date_joined"]
    sortable_by = ("username", "date_joined")
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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Search with conditions that the database can answer from its indexes."""
        search_term = search_term.strip()
        if not search_term:
            return queryset, False
        found = Q(username__startswith=search_term)
        if user := User.objects.by_login(search_term):
            found |= Q(pk=user.pk)
        if USER_ID.fullmatch(search_term):
            found |= Q(pk=int(search_term))
        return queryset.filter(found), False

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
