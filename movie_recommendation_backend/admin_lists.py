"""The admin's lists of models with millions of rows, each in bounded time."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

# How many rows are counted, and how many can be paged through.
MAX_ROWS = 10_000


class BoundedPaginator(Paginator):
    """Has pages for the first MAX_ROWS rows, and counts no more.

    Without a filter, PostgreSQL's estimate of the number of rows is shown.
    """

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet[Any], self.object_list)
        database = connections[rows.db]
        if rows.query.where:
            # Not ordered, so that the database uses an index. A movie can be on a million lists.
            return rows.order_by()[:MAX_ROWS].count()
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                table = rows.model._meta.db_table
                cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
                estimate = int(cursor.fetchone()[0])
            # The estimate is -1 if the table was never analyzed. Small tables are counted.
            if estimate > MAX_ROWS:
                return estimate
        return super().count

    @cached_property
    def num_pages(self) -> int:
        # The database would read all rows before those of a page.
        return min(super().num_pages, -(-MAX_ROWS // self.per_page))


class BoundedChangeList(ChangeList):
    def get_ordering_field(self, field_name: Any) -> Any:
        # Django offers no other order, but would apply one that is in the query string.
        if field_name not in (self.sortable_by or ()):
            return None
        return super().get_ordering_field(field_name)


class BoundedAdmin(admin.ModelAdmin):
    """Counts and pages through a bounded number of rows. All others are found by a search.

    Subclasses set `sortable_by` to the columns that have an index.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    sortable_by: ClassVar[list[str] | tuple[str, ...] | None] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BoundedChangeList
