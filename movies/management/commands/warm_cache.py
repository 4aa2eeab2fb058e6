"""Fill the cache before anybody asks, and refresh what would turn stale before the next run."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.exceptions import ValidationError
from tqdm import tqdm

from movies import catalogue
from movies.cache.documents import LIFETIMES
from movies.cache.single_flight import Answer, Source
from movies.parameters import LanguageField
from movies.services.breaker import CircuitOpen
from movies.services.exceptions import TMDbError
from movies.services.patience import patiently

from ._shared_cache import require_shared_cache

LISTS = ["trending", *catalogue.CHARTS, "genres"]
GROUPS = [*LISTS, "details"]
FILMS_A_PAGE = 20


@dataclass(frozen=True)
class Question:
    name: str
    ask: Callable[..., Answer]
    # Seconds of freshness that its document must have left.
    fresh_for: float


class Command(BaseCommand):
    help = (
        "Ask TMDb for the charts, the genres and the most popular films, and keep the answers."
        " Documents that stay fresh until the next run are not asked for again, and nothing is"
        " dropped: what cannot be refreshed stays as it is. Made for cron; exits 1 and names what"
        " could not be warmed. Stops early while TMDb is down."
    )

    def add_arguments(self, parser):
        parser.add_argument("--groups", nargs="+", choices=GROUPS, default=GROUPS)
        parser.add_argument("--pages", type=int, default=2, help="of each list; 2 if not given")
        parser.add_argument("--languages", nargs="+", default=[settings.TMDB_LANGUAGE])
        parser.add_argument(
            "--details", type=int, default=40, help="how many popular films; 40 if not given"
        )
        parser.add_argument(
            "--every", type=float, default=6, help="hours until the next run; 6 if not given"
        )

    def handle(self, *args, groups, pages, languages, details, every, **options):
        require_shared_cache()
        require_redis()
        if not 1 <= pages <= 500:
            raise CommandError("--pages is a number from 1 to 500.")
        if not 0 <= details <= 500 * FILMS_A_PAGE:
            raise CommandError("--details is a number from 0 to 10000.")
        languages = [language(each) for each in languages]
        popular_pages = -(-details // FILMS_A_PAGE) if "details" in groups else 0

        lists = list(list_questions(groups, pages, popular_pages, languages, every))
        with tqdm(total=len(lists), unit="document", disable=None, file=sys.stderr) as bar:
            warm, failed, popular = warm_all(lists, bar)
            if "details" in groups:
                films = list(detail_questions(popular[:details], languages, every))
                bar.total += len(films)
                more_warm, more_failed, _ = warm_all(films, bar)
                warm, failed = warm + more_warm, failed + more_failed
        require_redis()
        self.stdout.write(f"{warm} documents are warm.")
        if failed:
            raise CommandError(f"{len(failed)} could not be warmed: {', '.join(failed)}")


def require_redis() -> None:
    """Raise CommandError where Redis does not answer: nothing would be kept."""
    try:
        get_redis_connection("default").ping()
    except RedisError as error:
        raise CommandError(f"Redis does not answer ({type(error).__name__}).") from None


def language(raw: str) -> str:
    try:
        return LanguageField().run_validation(raw)
    except ValidationError as error:
        raise CommandError(f"--languages: {error.detail[0]}") from None


def list_questions(groups, pages, popular_pages, languages, every) -> Iterator[Question]:
    """Yield the lists; the popular ones also where they say which films to warm."""
    for code in languages:
        for group in LISTS:
            last_page = pages if group in groups else 0
            if group == "popular":
                last_page = max(last_page, popular_pages)
            for page in range(1, last_page + 1):
                yield from page_questions(group, page, code, every)


def page_questions(group: str, page: int, code: str, every: float) -> Iterator[Question]:
    fresh_for = threshold(group, every)
    name = f"{group} {code} page {page}"
    if group == "genres":
        if page == 1:
            yield Question(f"genres {code}", bound(catalogue.genres, language=code), fresh_for)
    elif group == "trending":
        for window in ("day", "week"):
            ask = bound(catalogue.trending, window=window, page=page, language=code)
            yield Question(f"{name} {window}", ask, fresh_for)
    else:
        ask = bound(catalogue.chart, group, page=page, language=code)
        yield Question(name, ask, fresh_for)


def detail_questions(films, languages, every) -> Iterator[Question]:
    for code in languages:
        for movie_id in films:
            ask = bound(catalogue.movie, movie_id, language=code, region=settings.TMDB_REGION)
            yield Question(f"details {movie_id} {code}", ask, threshold("details", every))


def threshold(group: str, every: float) -> float:
    """Return the freshness a document needs to last `every` hours, or nearly all it can have."""
    return min(every * 3600, 0.95 * LIFETIMES[group][0] * settings.CACHE_TTL_SCALE)


def bound(question: Callable, *about, **asked) -> Callable[..., Answer]:
    return lambda refresh_below: question(*about, **asked, refresh_below=refresh_below)


def warm_all(questions: list[Question], bar: tqdm) -> tuple[int, list[str], list[int]]:
    """Ask each question; return how many are warm, the others' names, and the popular films."""
    warm, failed, popular = 0, [], {}
    for place, question in enumerate(questions):
        bar.set_description(question.name)
        try:
            answer = warmed(question)
        except CircuitOpen:
            # Asking on would only wait out each pause of the breaker.
            return warm, failed + [each.name for each in questions[place:]], list(popular)
        except TMDbError:
            failed.append(question.name)
        else:
            warm += 1
            if question.name.startswith("popular"):
                popular |= {film["id"]: None for film in answer.document.json()["results"]}
        bar.update()
    return warm, failed, list(popular)


def warmed(question: Question) -> Answer:
    """Ask until a document is kept that is fresh for long enough. Raises TMDbError."""

    def ask() -> Answer:
        answer = question.ask(refresh_below=question.fresh_for)
        if answer.error:
            raise answer.error
        if answer.source is Source.UNSTORED:
            raise TMDbError("The answer was not good enough to be kept.")
        return answer

    return patiently(ask)
