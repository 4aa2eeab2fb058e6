"""Movies and genres in the admin, read-only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from movie_recommendation_backend.admin_lists import MAX_ROWS, BoundedAdmin

from . import tmdb
from .models import LAST_DATES, Genre, Movie, MovieGenre, known_or, title_key
from .store.references import references
from .text import fold


class ReadOnly:
    """Forbids edits, which the next answer from TMDb would overwrite."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class MovieGenreInline(ReadOnly, admin.TabularInline):
    model = MovieGenre
    can_delete = False


@admin.register(Genre)
class GenreAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "id"]
    search_fields = ["name"]


@admin.register(Movie)
class MovieAdmin(ReadOnly, BoundedAdmin):
    list_display = ["thumbnail", "by_title", "by_date", "vote_average", "fetched_at"]
    list_display_links = ["by_title"]
    list_filter = [
        "genres",
        "is_provisional",
        ("gone_at", admin.EmptyFieldListFilter),
        "original_language",
    ]
    search_fields = ["folded_title__contains", "id__exact", "imdb_id__exact"]
    search_help_text = "A part of the title, a TMDb id or an IMDb id"
    ordering = ["-popularity"]
    sortable_by = ("by_title", "by_date", "vote_average", "fetched_at")
    readonly_fields = ["poster"]
    inlines = [MovieGenreInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        return super().get_queryset(request).defer("details")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Movie], search_term: str
    ) -> tuple[QuerySet[Movie], bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    def get_deleted_objects(
        self, objs: QuerySet[Movie] | Sequence[Movie], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Count the entries that protect the movies. Django would load each of them."""
        movies = [str(movie) for movie in objs]
        protected = []
        for relation in references():
            if relation.on_delete is models.PROTECT:
                rows = relation.related_model._default_manager.filter(
                    **{f"{relation.field.name}__in": objs}
                )
                if count := rows.order_by()[:MAX_ROWS].count():
                    more = " or more" if count == MAX_ROWS else ""
                    name = relation.related_model._meta.verbose_name_plural
                    protected.append(f"{count:,}{more} {name}")
        return movies, {"movies": len(movies)}, set(), protected

    @admin.display(description="title", ordering=title_key())
    def by_title(self, movie: Movie) -> str:
        return movie.title

    @admin.display(description="release date", ordering=known_or(LAST_DATES[0], "release_date"))
    def by_date(self, movie: Movie) -> date | None:
        return movie.release_date

    @admin.display(description="")
    def thumbnail(self, movie: Movie) -> str:
        return self.image(movie, tmdb.THUMBNAIL, 46)

    @admin.display(description="Poster")
    def poster(self, movie: Movie) -> str:
        return self.image(movie, tmdb.POSTER, 250)

    @staticmethod
    def image(movie: Movie, size: str, width: int) -> str:
        url = tmdb.image_url(movie.poster_path, size)
        if not url:
            return "–"
        return format_html('<img src="{}" alt="" loading="lazy" width="{}">', url, width)
