from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from movie_recommendation_backend.admin_lists import BoundedAdmin
from users.models import Entry, User

from .fields import is_movie_id
from .kinds import LISTS


class EntryAdmin(BoundedAdmin):
    """The admin of a list. Users and movies are typed in as ids."""

    list_select_related = ["user", "movie"]
    raw_id_fields = ["user", "movie"]
    # Shows the search box. `get_search_results` does the search.
    search_fields = ["user"]
    search_help_text = "A username, an email address or a movie id"
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).defer("movie__details")

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
