"""Lists of movies from the catalogue: TMDb's recommendations, trending and popular movies.

The catalogue answers from its cache first.
"""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.conf import settings

from movies import catalogue
from movies.cache.single_flight import Answer, Source
from movies.services.exceptions import TMDbError
from movies.services.transport import load_within

from .feedback import Feedback

MAX_COLD_REQUESTS = 3  # to TMDb, for each kind of list in one answer
TRENDING_PAGES = 2
TOO_SLOW_FOR = 60  # seconds
LAST_PAGE = 50  # of the popular movies that one answer searches


# When TMDb may be asked again, time.monotonic(), by the name of the deadline. Each process has
# its own, like the circuit breaker of the service layer.
_too_slow_until: dict[str, float] = {}


@contextmanager
def tmdb_deadline(seconds: float, name: str) -> Iterator[None]:
    """Limit all requests to TMDb inside the block to `seconds` in total.

    If a single failed request takes more than half of that, blocks of the same `name` use only
    the cache for TOO_SLOW_FOR seconds. Otherwise every answer would wait as long for nothing.
    """
    is_too_slow = time.monotonic() < _too_slow_until.get(name, 0)
    with load_within(0 if is_too_slow else seconds) as load:
        try:
            yield
        finally:
            if load.waited_in_vain > seconds / 2:
                _too_slow_until[name] = time.monotonic() + TOO_SLOW_FOR


def recommended_by_tmdb(feedback: list[Feedback]) -> list[tuple[Feedback, list[int]]]:
    """Return TMDb's recommendations for the strongest feedback, as (feedback, movie ids).

    Lists that are unavailable are left out.
    """
    found = []
    for each in [each for each in feedback if each.is_reason][:MAX_COLD_REQUESTS]:
        try:
            answer = catalogue.related(
                "recommendations", each.movie_id, page=1, language=settings.TMDB_LANGUAGE
            )
        except TMDbError:
            continue
        if movie_ids := movie_ids_of(answer):
            found.append((each, movie_ids))
    return found


def trending() -> list[int]:
    """Return the ids of the week's trending movies, as far as they are available."""
    # TMDb's pages overlap, so the ids are keys of a dictionary.
    movie_ids: dict[int, None] = {}
    for page in range(1, TRENDING_PAGES + 1):
        try:
            answer = catalogue.trending(window="week", page=page, language=settings.TMDB_LANGUAGE)
        except TMDbError:
            break
        movie_ids |= dict.fromkeys(movie_ids_of(answer))
    return list(movie_ids)


def popular(page: int, genres: Collection[int]) -> Answer:
    """Return a page of popular movies that have all of `genres`. Raises TMDbError."""
    language = settings.TMDB_LANGUAGE
    if genres:
        return catalogue.discover(
            page=page, language=language, sort="-popularity", genres=list(genres)
        )
    return catalogue.chart("popular", page=page, language=language)


def movie_ids_of(answer: Answer) -> list[int]:
    """Return the ids on a page of the catalogue, none if TMDb does not know the list."""
    if answer.document.status != 200:
        return []
    return [movie["id"] for movie in answer.document.json()["results"]]


def fetch_popular(genres: Collection[int]) -> bool:
    """Have the catalogue store more popular movies that have all of `genres`.

    Return whether TMDb was asked: movies on cached pages are in the database already.
    """
    asked = 0
    for page in range(1, LAST_PAGE + 1):
        try:
            answer = popular(page, genres)
        except TMDbError:
            break
        if answer.source is Source.DATABASE:
            # The caller has searched the database before.
            break
        asked += answer.source in (Source.STORED, Source.UNSTORED)
        if asked == MAX_COLD_REQUESTS or page >= answer.document.json()["total_pages"]:
            break
    return asked > 0
