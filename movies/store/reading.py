"""What the database knows: the last resort if there is no document and TMDb fails.

Each function answers from Movie rows as they were last seen, in TMDB_LANGUAGE, or returns None if
the rows cannot tell. Movies that TMDb no longer has are left out.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db.models import QuerySet

from movies.genres import ENGLISH_GENRES
from movies.models import Genre, Movie, MovieGenre
from movies.question import Question
from movies.shapes import MovieDetail, MoviePage, MovieSummary, Named
from movies.tmdb import LAST_PAGE, PAGE_SIZE

from .rows import detail_of, summary_of

logger = logging.getLogger(__name__)

Body = TypeVar("Body")


def known(read: Callable[[], Body | None]) -> Body | None:
    """Return what `read` returns, or None if the database is down."""
    try:
        return read()
    except DatabaseError as error:
        logger.warning("The database is down too: %s", type(error).__name__)
        return None


def movie(movie_id: int | str) -> MovieDetail | None:
    """Return a MovieDetail by TMDb or IMDb id, without its regional parts."""
    by_id = {"imdb_id": movie_id} if isinstance(movie_id, str) else {"id": movie_id}
    found = present_movies().filter(**by_id).first()
    return detail_of(found, genres_of([found.pk])[found.pk]) if found else None


def page(question: Question, values: dict) -> MoviePage | None:
    """Return a page of the movies that answer a question.

    Returns None if the database cannot apply every given parameter, or knows no matching movie: an
    empty page would wrongly claim that there are none.
    """
    found = question.rows(present_movies(), values)
    total = found.count() if found is not None else 0
    if found is None or not total:
        return None
    number = values["page"]
    rows = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return {
        "page": number,
        "total_pages": min(-(-total // PAGE_SIZE), LAST_PAGE),
        "total_results": total,
        "results": summaries(rows),
    }


def summaries(movies: Iterable[Movie]) -> list[MovieSummary]:
    """Return the MovieSummary of each row. Their genres are read in one query."""
    rows = list(movies)
    genres = genres_of([row.pk for row in rows])
    return [summary_of(row, genres[row.pk]) for row in rows]


def genres_of(movie_ids: list[int]) -> defaultdict[int, list[Named]]:
    """Return the genres of each movie, the main genre first, in one query."""
    found: defaultdict[int, list[Named]] = defaultdict(list)
    rows = MovieGenre.objects.filter(movie__in=movie_ids).order_by("position")
    for movie_id, genre_id, name in rows.values_list("movie_id", "genre_id", "genre__name"):
        found[movie_id].append({"id": genre_id, "name": name})
    return found


def genres() -> dict:
    """Return all genres by their stored names; those not seen yet have English ones."""
    names = ENGLISH_GENRES | dict(Genre.objects.values_list("id", "name"))
    return {"genres": [{"id": genre_id, "name": name} for genre_id, name in names.items()]}


def has_movies(movie_ids: list[int]) -> dict[int, bool]:
    """Return {id: whether TMDb still has the movie} for the movies that the database knows."""
    rows = Movie.objects.filter(id__in=movie_ids).values_list("id", "gone_at")
    return {movie_id: gone_at is None for movie_id, gone_at in rows}


def present_movies() -> QuerySet[Movie]:
    return Movie.objects.filter(gone_at=None)
