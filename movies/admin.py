"""Movies and genres in the admin, read-only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from . import tmdb
from .models import Genre, Movie, MovieGenre
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
class MovieAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["thumbnail", "title", "release_date", "vote_average", "fetched_at"]
    list_display_links = ["title"]
    list_filter = [
        "genres",
        "is_provisional",
        ("gone_at", admin.EmptyFieldListFilter),
        "original_language",
    ]
    search_fields = ["folded_title", "=id", "=imdb_id"]
    ordering = ["-popularity"]
    readonly_fields = ["poster"]
    inlines = [MovieGenreInline]
    # Counting all rows is the slowest part of a page.
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Movie], search_term: str
    ) -> tuple[QuerySet[Movie], bool]:
        return super().get_search_results(request, queryset, fold(search_term))

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
