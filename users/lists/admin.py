from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Q
from django.utils.functional import cached_property

from users.models import User

from .fields import is_movie_id
from .kinds import LISTS

MOST_COUNTED = 10_000


class EstimatingPaginator(Paginator):
    """Takes PostgreSQL's own estimate where all rows would have to be counted."""

    @cached_property
    def count(self) -> int:
        query, database = self.object_list.query, connections[self.object_list.db]
        if query.where:
            # Without the order, so that an index finds them; a film can be on a million lists.
            return self.object_list.order_by()[:MOST_COUNTED].count()
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                table = query.model._meta.db_table
                cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
                estimate = int(cursor.fetchone()[0])
            # A table that was never analyzed has -1; a small one is counted in no time.
            if estimate > MOST_COUNTED:
                return estimate
        return super().count


class EntryAdmin(admin.ModelAdmin):
    """A list, usable with a million rows: nothing is counted, and no choice lists all films."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_select_related = ["user", "movie"]
    raw_id_fields = ["user", "movie"]
    # Shows the field; what is found stands below.
    search_fields = ["user"]
    search_help_text = "A username, an e-mail address or a film's id"
    ordering = ["-id"]

    def get_search_results(self, request, queryset, search_term):
        """Find by the indexes there are, which Django's own lookups pass by."""
        search_term = search_term.strip()
        if not search_term:
            return queryset, False
        found = Q(user=User.objects.of_login(search_term))
        if is_movie_id(search_term):
            found |= Q(movie=int(search_term))
        return queryset.filter(found), False


for kind in LISTS.values():
    columns = ["user", "movie", "added_at", *kind.columns]
    admin.site.register(kind.model, EntryAdmin, list_display=columns)
