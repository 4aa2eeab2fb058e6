"""Store movies and genres from TMDb, in a constant number of statements.

Each function is one transaction. It writes rows in order of their ids, because transactions that
lock overlapping rows in different orders deadlock.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from movies.genres import ENGLISH_GENRES
from movies.models import Genre, Movie, MovieGenre
from movies.shapes import MovieDetail, MovieSummary
from movies.text import fold

from .rows import DETAILS

logger = logging.getLogger(__name__)

P = ParamSpec("P")

# Columns whose values are the same in every language and region.
NEUTRAL = ["original_title", "original_language", "popularity", "vote_average", "vote_count"]
TRANSLATED = ["title", "folded_title", "overview", "release_date", "poster_path", "backdrop_path"]
DETAILED = ["imdb_id", "runtime", "details"]
ALWAYS = ["fetched_at"]


def try_to_store(save: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call one of the functions below. If the database fails, only log it: the answer is valid."""
    try:
        save(*args, **kwargs)
    except DatabaseError as error:
        logger.warning("Could not store movies: %s", type(error).__name__)


def save_genres(names: Mapping[int, str]) -> None:
    """Store genres with their names in TMDB_LANGUAGE."""
    Genre.objects.bulk_create(
        [Genre(id=genre_id, name=name) for genre_id, name in sorted(names.items())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name"],
    )


def save_summaries(summaries: Iterable[MovieSummary], *, complete: bool) -> None:
    """Store movies from lists.

    They are `complete` if they are in TMDB_LANGUAGE and have their primary release dates. Otherwise
    only the NEUTRAL columns of movies that the database has are updated, and new movies are marked
    as provisional.
    """
    columns = NEUTRAL + ALWAYS + (TRANSLATED + ["is_provisional"] if complete else [])
    by_id = {movie["id"]: movie for movie in summaries}
    movies = [by_id[movie_id] for movie_id in sorted(by_id)]
    if movies:
        _upsert([row_of(movie, complete) for movie in movies], columns, movies, complete)


def save_detail(detail: MovieDetail, *, complete: bool) -> None:
    """Store a movie with its details. `complete` is as for `save_summaries`."""
    row = row_of(detail, complete)
    # Only details clear `gone_at`: lists may contain a movie long after TMDb has deleted it.
    columns = NEUTRAL + ALWAYS + ["gone_at"]
    if complete:
        columns = columns + TRANSLATED + DETAILED + ["is_provisional"]
        if detail["overview_language"] != settings.TMDB_LANGUAGE:
            row.overview = None
    row.imdb_id = detail["imdb_id"]
    row.runtime = detail["runtime"]
    values: Mapping[str, object] = detail
    row.details = {name: values[name] for name in DETAILS}
    _upsert([row], columns, [detail], complete)


def mark_gone(movie_ids: Iterable[int]) -> None:
    """Mark movies that TMDb has deleted or marked as adult, if the database has them."""
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


def _upsert(
    rows: list[Movie], columns: list[str], movies: Sequence[MovieSummary], complete: bool
) -> None:
    with transaction.atomic():
        # Movies come first: the locks on their rows also protect the rows of their genres.
        Movie.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )
        _add_missing_genres(movies, complete)
        MovieGenre.objects.filter(movie_id__in=[row.id for row in rows]).delete()
        MovieGenre.objects.bulk_create(
            [
                MovieGenre(movie_id=movie["id"], genre_id=genre["id"], position=position)
                for movie in movies
                for position, genre in enumerate(movie["genres"])
            ]
        )


def _add_missing_genres(movies: Sequence[MovieSummary], complete: bool) -> None:
    """Insert the genres that the database does not have, in English if not `complete`."""
    names = {genre["id"]: genre["name"] for movie in movies for genre in movie["genres"]}
    if not complete:
        names |= {each: ENGLISH_GENRES[each] for each in names if each in ENGLISH_GENRES}
    Genre.objects.bulk_create(
        [Genre(id=genre_id, name=names[genre_id]) for genre_id in sorted(names)],
        ignore_conflicts=True,
    )
