"""Fill the shared cache, and refresh documents that would become stale before the next run."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.exceptions import ValidationError
from tqdm import tqdm

from movies.cache.answers import Answer, Source
from movies.cache.groups import Group
from movies.catalogue.genres import genres
from movies.catalogue.movie import movie
from movies.catalogue.pages import page
from movies.load import Load, LoadFailed
from movies.management.waiting import wait_to_ask
from movies.parameter_fields import LanguageField
from movies.question import Question
from movies.questions import CHARTS, GENRES, MOVIE, POPULAR, TRENDING
from movies.services.health import CircuitOpen
from movies.tmdb import LAST_PAGE, PAGE_SIZE

from ._shared_cache import require_shared_cache

GROUPS = [question.group.name for question in (*CHARTS, GENRES, MOVIE)]


@dataclass(frozen=True)
class Warmup:
    """A document to warm.

    `ask` takes a number of seconds and answers the document's question. If the kept document does
    not stay fresh for that long, it is refreshed first.
    """

    name: str
    group: Group
    ask: Callable[[float], Answer]


class Command(BaseCommand):
    help = (
        "Warm the shared cache with the charts, the genres and the most popular movies. Documents"
        " that stay fresh until the next run are left alone, and so are those that cannot be"
        " refreshed. Stops early if TMDb is down. Intended for cron: exits with status 1 and"
        " prints the names of the documents that could not be warmed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--groups", nargs="+", choices=GROUPS, default=GROUPS, help="default: all of them"
        )
        parser.add_argument("--pages", type=int, default=2, help="of each list (default: 2)")
        parser.add_argument(
            "--languages",
            nargs="+",
            default=[settings.TMDB_LANGUAGE],
            help=f"default: {settings.TMDB_LANGUAGE}",
        )
        parser.add_argument(
            "--details", type=int, default=40, help="number of popular movies (default: 40)"
        )
        parser.add_argument(
            "--every", type=float, default=6, help="hours until the next run (default: 6)"
        )

    def handle(
        self,
        *args: Any,
        groups: list[str],
        pages: int,
        languages: list[str],
        details: int,
        every: float,
        **options: Any,
    ) -> None:
        require_shared_cache()
        require_redis()
        if not 1 <= pages <= LAST_PAGE:
            raise CommandError(f"--pages must be a number from 1 to {LAST_PAGE}.")
        if not 0 <= details <= LAST_PAGE * PAGE_SIZE:
            raise CommandError(f"--details must be a number from 0 to {LAST_PAGE * PAGE_SIZE}.")
        languages = [language(each) for each in languages]
        popular_pages = -(-details // PAGE_SIZE) if MOVIE.group.name in groups else 0

        lists = list(list_warmups(groups, pages, popular_pages, languages))
        total = len(lists)
        with tqdm(total=total, unit="document", disable=None, file=sys.stderr) as bar:
            warm, failed, popular = warm_all(lists, every, bar)
            if MOVIE.group.name in groups:
                movies = list(movie_warmups(popular[:details], languages))
                bar.total = total + len(movies)
                more_warm, more_failed, _ = warm_all(movies, every, bar)
                warm, failed = warm + more_warm, failed + more_failed
        require_redis()
        self.stdout.write(f"Documents warm: {warm}.")
        if failed:
            raise CommandError(f"{len(failed)} could not be warmed: {', '.join(failed)}")


def require_redis() -> None:
    """Raise CommandError if Redis does not answer, because then no document is kept."""
    try:
        get_redis_connection("default").ping()
    except RedisError as error:
        raise CommandError(f"Redis does not answer ({type(error).__name__}).") from None


def language(raw: str) -> str:
    try:
        return LanguageField().run_validation(raw)
    except ValidationError:
        raise CommandError(f"--languages: {raw!r} is not a language such as en or en-US.") from None


def list_warmups(
    groups: list[str], pages: int, popular_pages: int, languages: list[str]
) -> Iterator[Warmup]:
    """Yield `pages` of each chart, at least `popular_pages` of popular movies, and the genres."""
    for code in languages:
        for question in CHARTS:
            last_page = pages if question.group.name in groups else 0
            if question is POPULAR:
                last_page = max(last_page, popular_pages)
            for number in range(1, last_page + 1):
                yield from chart_warmups(question, number, code)
        if GENRES.group.name in groups:
            yield Warmup(f"genres {code}", GENRES.group, bind(genres, language=code))


def chart_warmups(question: Question, number: int, code: str) -> Iterator[Warmup]:
    name = f"{question.group.name} {code} page {number}"
    windows = ("day", "week") if question is TRENDING else (None,)
    for window in windows:
        chosen = {"window": window} if window else {}
        ask = bind(page, question, page=number, language=code, **chosen)
        yield Warmup(" ".join(filter(None, (name, window))), question.group, ask)


def movie_warmups(movie_ids: list[int], languages: list[str]) -> Iterator[Warmup]:
    for code in languages:
        for movie_id in movie_ids:
            ask = bind(movie, movie_id, language=code, region=settings.TMDB_REGION)
            yield Warmup(f"details {movie_id} {code}", MOVIE.group, ask)


def bind(question: Callable[..., Answer], *about: Any, **values: Any) -> Callable[[float], Answer]:
    return lambda refresh_below: question(*about, Load(), refresh_below=refresh_below, **values)


def threshold(group: Group, every: float) -> float:
    """Return the seconds of freshness below which documents of `group` are refreshed.

    This is `every` hours, but at most 95 % of the freshness of a new document of the group.
    """
    return min(every * 3600, 0.95 * group.fresh_for * settings.CACHE_TTL_SCALE)


def warm_all(warmups: list[Warmup], every: float, bar: tqdm) -> tuple[int, list[str], list[int]]:
    """Warm all documents, as far as TMDb allows.

    Return how many are warm, the names of the others, and the ids of the popular movies.
    """
    warm = 0
    failed: list[str] = []
    popular: dict[int, None] = {}
    for place, warmup in enumerate(warmups):
        bar.set_description(warmup.name)
        try:
            answer = wait_to_ask(lambda: warmed(warmup, threshold(warmup.group, every)))
        except CircuitOpen:
            # Otherwise each remaining document would wait for the circuit breaker.
            return warm, failed + [each.name for each in warmups[place:]], list(popular)
        except LoadFailed:
            failed.append(warmup.name)
        else:
            warm += 1
            if warmup.group is POPULAR.group:
                popular |= {each["id"]: None for each in answer.document.json()["results"]}
        bar.update()
    return warm, failed, list(popular)


def warmed(warmup: Warmup, fresh_for: float) -> Answer:
    """Return an answer that stays fresh for `fresh_for` seconds. Raises LoadFailed."""
    answer = warmup.ask(fresh_for)
    if answer.error:
        raise answer.error
    if answer.source is Source.UNSTORED:
        raise LoadFailed("The answer is incomplete and was not kept.")
    return answer
