from typing import cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from users.models import Entry, User

from .fields import is_movie_id
from .kinds import LISTS

MAX_COUNTED = 10_000


class EstimatingPaginator(Paginator):
    """Show PostgreSQL's estimate instead of counting all rows, and count at most MAX_COUNTED."""

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet[Entry], self.object_list)
        database = connections[rows.db]
        if rows.query.where:
            # Not ordered, so that the database uses an index. A movie can be on a million lists.
            return rows.order_by()[:MAX_COUNTED].count()
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                table = rows.model._meta.db_table
                cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
                estimate = int(cursor.fetchone()[0])
            # The estimate is -1 if the table was never analyzed. Small tables are counted.
            if estimate > MAX_COUNTED:
                return estimate
        return super().count


class EntryAdmin(admin.ModelAdmin):
    """The admin of a list, fast with a million rows: counts are estimated, and ids are typed in."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_select_related = ["user", "movie"]
    raw_id_fields = ["user", "movie"]
    # Shows the search box. `get_search_results` does the search.
    search_fields = ["user"]
    search_help_text = "A username, an email address or a movie id"
    ordering = ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """Search with conditions that the database can answer from its indexes."""
        search_term = search_term.strip()
        if not search_term:
            return queryset, False
        found = Q(user=User.objects.by_login(search_term))
        if is_movie_id(search_term):
            found |= Q(movie=int(search_term))
        return queryset.filter(found), False


for kind in LISTS.values():
    columns = ["user", "movie", "added_at", *kind.columns]
    admin.site.register(kind.model, EntryAdmin, list_display=columns)
