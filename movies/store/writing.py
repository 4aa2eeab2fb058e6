"""Write what the catalogue answered into Movie and Genre, in a constant number of statements.

Rows are written sorted by id: transactions that lock overlapping rows in different orders
deadlock. Each function is one transaction.
"""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from movies.genres import ENGLISH_GENRES
from movies.models import Genre, Movie, MovieGenre
from movies.shapes import MovieDetail, MovieSummary
from movies.text import fold

from .rows import DETAILS

# What has no language and no country, and so may come from any answer.
NEUTRAL = ["original_title", "original_language", "popularity", "vote_average", "vote_count"]
TRANSLATED = ["title", "folded_title", "overview", "release_date", "poster_path", "backdrop_path"]
DETAILED = ["imdb_id", "runtime", "details"]
ALWAYS = ["fetched_at"]


def save_genres(names: Mapping[int, str]) -> None:
    """Store genres under their names in TMDB_LANGUAGE."""
    Genre.objects.bulk_create(
        [Genre(id=genre_id, name=name) for genre_id, name in sorted(names.items())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name"],
    )


def save_summaries(summaries: Iterable[MovieSummary], *, complete: bool) -> None:
    """Store MovieSummary bodies.

    `complete` says that they came in TMDB_LANGUAGE with primary dates. Otherwise only what has
    no language is written; a film not seen before is inserted as it is and marked provisional.
    """
    columns = NEUTRAL + ALWAYS + (TRANSLATED + ["is_provisional"] if complete else [])
    films = {film["id"]: film for film in summaries}
    if not films:
        return
    rows = [row_of(films[movie_id], complete) for movie_id in sorted(films)]
    _upsert(rows, columns, [films[movie_id] for movie_id in sorted(films)], complete)


def save_detail(detail: MovieDetail, *, complete: bool) -> None:
    """Store one MovieDetail body; `complete` as in `save_summaries`."""
    row = row_of(detail, complete)
    # A list may show a film long after its own page is gone; only the page takes the mark off.
    columns = NEUTRAL + ALWAYS + ["gone_at"]
    if complete:
        columns = columns + TRANSLATED + DETAILED + ["is_provisional"]
        if detail["overview_language"] != settings.TMDB_LANGUAGE:
            row.overview = None
    row.imdb_id = detail["imdb_id"]
    row.runtime = detail["runtime"]
    row.details = {name: detail[name] for name in DETAILS}
    _upsert([row], columns, [detail], complete)


def mark_gone(movie_ids: Iterable[int]) -> None:
    """Note that TMDb no longer has these films, or none to show, where we know them."""
    Movie.objects.filter(id__in=movie_ids, gone_at=None).update(gone_at=timezone.now())


def row_of(movie: MovieSummary, complete: bool) -> Movie:
    return Movie(
        id=movie["id"],
        title=movie["title"],
        folded_title=fold(movie["title"]),
        original_title=movie["original_title"],
        original_language=movie["original_language"],
        overview=movie["overview"],
        release_date=movie["release_date"],
        poster_path=movie["poster_path"],
        backdrop_path=movie["backdrop_path"],
        popularity=movie["popularity"],
        vote_average=movie["vote_average"],
        vote_count=movie["vote_count"],
        is_provisional=not complete,
        fetched_at=timezone.now(),
    )


def _upsert(rows: list[Movie], columns: list[str], films: list[dict], complete: bool) -> None:
    with transaction.atomic():
        # The movie rows come first: once locked, in order, they guard the rows of their genres.
        Movie.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )
        _add_missing_genres(films, complete)
        MovieGenre.objects.filter(movie_id__in=[row.id for row in rows]).delete()
        MovieGenre.objects.bulk_create(
            [
                MovieGenre(movie_id=film["id"], genre_id=genre["id"], position=position)
                for film in films
                for position, genre in enumerate(film["genres"])
            ]
        )


def _add_missing_genres(films: list[dict], complete: bool) -> None:
    names = {genre["id"]: genre["name"] for film in films for genre in film["genres"]}
    if not complete:
        names |= {each: ENGLISH_GENRES[each] for each in names if each in ENGLISH_GENRES}
    Genre.objects.bulk_create(
        [Genre(id=genre_id, name=names[genre_id]) for genre_id in sorted(names)],
        ignore_conflicts=True,
    )
