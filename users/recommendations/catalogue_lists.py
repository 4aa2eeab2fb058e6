"""Films that the catalogue itself names: after a film, and for everybody. Cache-first."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.conf import settings

from movies import catalogue
from movies.cache.single_flight import Answer, Source
from movies.services.exceptions import TMDbError
from movies.services.transport import load_within

from .signals import Signal

MOST_LISTS = 3  # films whose lists are asked for, so at most as many cold requests
TRENDING_PAGES = 2
TOO_SLOW_FOR = 60  # seconds
LAST_PAGE = 50  # of the popular films that an answer looks for more in


# By what is asked for: until when TMDb is too slow for it, time.monotonic(). By process, as the
# service layer's circuit breaker is.
_too_slow_until: dict[str, float] = {}


@contextmanager
def asking_within(seconds: float, what: str) -> Iterator[None]:
    """Bound what TMDb is asked inside to `seconds` together.

    Where one question took most of them in vain, only what is kept answers for a while: each answer
    would else wait as long, and learn nothing.
    """
    is_too_slow = time.monotonic() < _too_slow_until.get(what, 0)
    with load_within(0 if is_too_slow else seconds) as load:
        try:
            yield
        finally:
            if load.waited_in_vain > seconds / 2:
                _too_slow_until[what] = time.monotonic() + TOO_SLOW_FOR


def after(signals: list[Signal]) -> list[tuple[Signal, list[int]]]:
    """Return what TMDb recommends after the strongest signals, as (signal, films in order).

    A list that cannot be had now is left out.
    """
    found = []
    for signal in [each for each in signals if each.is_reason][:MOST_LISTS]:
        try:
            answer = catalogue.related(
                "recommendations", signal.film, page=1, language=settings.TMDB_LANGUAGE
            )
        except TMDbError:
            continue
        if films := films_of(answer):
            found.append((signal, films))
    return found


def trending() -> list[int]:
    """Return what everybody watches; nothing where that cannot be had now."""
    films: dict[int, None] = {}
    for page in range(1, TRENDING_PAGES + 1):
        try:
            answer = catalogue.trending(window="week", page=page, language=settings.TMDB_LANGUAGE)
        except TMDbError:
            break
        # Neighbouring pages of TMDb's overlap.
        films |= dict.fromkeys(films_of(answer))
    return list(films)


def popular(page: int, genres: Collection[int]) -> Answer:
    language = settings.TMDB_LANGUAGE
    if genres:
        return catalogue.discover(
            page=page, language=language, sort="-popularity", genres=list(genres)
        )
    return catalogue.chart("popular", page=page, language=language)


def films_of(answer: Answer) -> list[int]:
    if answer.document.status != 200:
        return []
    return [film["id"] for film in answer.document.json()["results"]]


def stock_up(genres: Collection[int]) -> bool:
    """Have the catalogue store popular films, of all `genres`, that the database may not know.

    Returns whether anything was asked: what is kept already was stored before.
    """
    asked = 0
    for page in range(1, LAST_PAGE + 1):
        try:
            answer = popular(page, genres)
        except TMDbError:
            break
        if answer.source is Source.DATABASE:
            # It has nothing that was not looked through already.
            break
        asked += answer.source in (Source.STORED, Source.UNSTORED)
        if asked == MOST_LISTS or page >= answer.document.json()["total_pages"]:
            break
    return asked > 0
