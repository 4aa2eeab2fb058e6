from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.paginator import Paginator
from django.db import connections
from django.utils.functional import cached_property
from django.utils.html import format_html_join

from .lists.kinds import LISTS
from .lists.reading import counts
from .models import User

PREFERENCES = ("Preferences", {"fields": ["language", "region", "favorite_genres"]})
ON_LISTS = ("Lists", {"fields": ["films_on_lists"]})


class EstimatingPaginator(Paginator):
    """Takes PostgreSQL's own estimate where all rows would have to be counted."""

    @cached_property
    def count(self) -> int:
        query, database = self.object_list.query, connections[self.object_list.db]
        if not query.where and database.vendor == "postgresql":
            with database.cursor() as cursor:
                table = query.model._meta.db_table
                cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
                estimate = int(cursor.fetchone()[0])
            # A table that was never analyzed has -1; a small one is counted in no time.
            if estimate > 10_000:
                return estimate
        return super().count


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

    @admin.display(description="Films")
    def films_on_lists(self, user: User) -> str:
        return format_html_join(", ", "{} {}", ((n, name) for name, n in counts(user).items()))


class EntryAdmin(admin.ModelAdmin):
    """A list, usable with a million rows: nothing is counted, and no choice lists all films."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_select_related = ["user", "movie"]
    raw_id_fields = ["user", "movie"]
    search_fields = ["=user__username", "=user__email", "=movie__id"]
    search_help_text = "A username, an e-mail address or a film's id"
    ordering = ["-id"]


for kind in LISTS.values():
    columns = ["user", "movie", "added_at", *kind.columns]
    admin.site.register(kind.model, EntryAdmin, list_display=columns)
