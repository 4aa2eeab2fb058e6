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
from movies.text import fold

# What has no language and no country, and so may come from any answer.
NEUTRAL = ["original_title", "original_language", "popularity", "vote_average", "vote_count"]
TRANSLATED = ["title", "folded_title", "overview", "release_date", "poster_path", "backdrop_path"]
DETAILED = ["imdb_id", "runtime", "details"]
ALWAYS = ["fetched_at"]

# The parts of a MovieDetail that have no column; certification and providers change by region.
DETAILS = [
    "overview",
    "overview_language",
    "tagline",
    "status",
    "homepage",
    "budget",
    "revenue",
    "production_countries",
    "spoken_languages",
    "collection",
    "keywords",
    "directors",
    "cast",
    "trailers",
]


def save_genres(names: Mapping[int, str]) -> None:
    """Store genres under their names in TMDB_LANGUAGE."""
    Genre.objects.bulk_create(
        [Genre(id=genre_id, name=name) for genre_id, name in sorted(names.items())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name"],
    )


def save_summaries(summaries: Iterable[dict], *, complete: bool) -> None:
    """Store MovieSummary bodies.

    `complete` says that they came in TMDB_LANGUAGE with primary dates. Otherwise only what has
    no language is written; a film not seen before is inserted as it is and marked provisional.
    """
    columns = NEUTRAL + ALWAYS + (TRANSLATED + ["is_provisional"] if complete else [])
    films = {film["id"]: film for film in summaries}
    if not films:
        return
    rows = [summary_row(films[movie_id], complete) for movie_id in sorted(films)]
    _upsert(rows, columns, [films[movie_id] for movie_id in sorted(films)], complete)


def save_detail(detail: dict, *, complete: bool) -> None:
    """Store one MovieDetail body; `complete` as in `save_summaries`."""
    row = summary_row(detail, complete)
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


def summary_row(film: dict, complete: bool) -> Movie:
    return Movie(
        id=film["id"],
        title=film["title"],
        folded_title=fold(film["title"]),
        original_title=film["original_title"],
        original_language=film["original_language"],
        overview=film["overview"],
        release_date=film["release_date"],
        poster_path=film["poster_path"],
        backdrop_path=film["backdrop_path"],
        popularity=film["popularity"],
        vote_average=film["vote_average"],
        vote_count=film["vote_count"],
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
