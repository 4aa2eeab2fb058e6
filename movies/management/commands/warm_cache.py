"""Fill the cache before anybody asks, and refresh what will turn stale before the next run."""

import sys
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from movies import catalogue
from movies.cache import LIFETIMES, Answer
from movies.services.exceptions import TMDbError, TMDbNotAsked

from ._shared_cache import require_shared_cache

LISTS = ["trending", *catalogue.CHARTS, "genres"]
GROUPS = [*LISTS, "details"]
# What has less than half of its freshness left would not last until a run as long after.
REFRESH_BELOW = 0.5
# What is asked, how, and how many seconds of freshness it must have then.
Question = tuple[str, Callable[[], Answer], float]
PATIENCE = 60  # seconds that a question waits for the request budget, in all


class Command(BaseCommand):
    help = (
        "Ask TMDb for the charts, the genres and the most popular films, and keep the answers."
        " Documents with more than half of their freshness left are not asked for again, and"
        " nothing is dropped: what cannot be refreshed stays as it is. Made for cron, every"
        " 6 hours; exits 1 and names what could not be warmed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--groups", nargs="+", choices=GROUPS, default=GROUPS)
        parser.add_argument("--pages", type=int, default=2, help="of each list; 2 if not given")
        parser.add_argument("--languages", nargs="+", default=[settings.TMDB_LANGUAGE])
        parser.add_argument(
            "--details", type=int, default=40, help="how many popular films; 40 if not given"
        )

    def handle(self, *args, groups, pages, languages, details, **options):
        require_shared_cache()
        if not 1 <= pages <= 500:
            raise CommandError("--pages is a number from 1 to 500.")
        lists = list(list_questions(groups, pages, languages))
        with tqdm(total=len(lists), unit="document", disable=None, file=sys.stderr) as bar:
            answers = warm_all(lists, bar)
            if "details" in groups:
                films = list(detail_questions(popular_films(answers)[:details], languages))
                bar.total += len(films)
                answers |= warm_all(films, bar)
        failed = [name for name, answer in answers.items() if answer is None]
        self.stdout.write(f"{len(answers) - len(failed)} documents are warm.")
        if failed:
            raise CommandError(f"{len(failed)} could not be warmed: {', '.join(failed)}")


def warm_all(questions: list[Question], bar: tqdm) -> dict[str, Answer | None]:
    """Ask each question; return the answers by the questions' names, None for none."""
    answers = {}
    for name, ask, fresh_for in questions:
        bar.set_description(name)
        answers[name] = warmed(ask, fresh_for)
        bar.update()
    return answers


def popular_films(answers: dict[str, Answer | None]) -> list[int]:
    """Return the ids of the films on the popular pages, the most popular first."""
    pages = [answer for name, answer in answers.items() if name.startswith("popular") and answer]
    return list(dict.fromkeys(f["id"] for page in pages for f in page.document.json()["results"]))


def list_questions(groups, pages, languages) -> Iterator[Question]:
    """Yield the charts and genres; the popular films are needed to know which details to warm."""
    for language in languages:
        for group in LISTS:
            if group not in groups and not (group == "popular" and "details" in groups):
                continue
            refresh_below = threshold(group)
            common = {"language": language, "refresh_below": refresh_below}
            if group == "genres":
                yield f"genres {language}", bound(catalogue.genres, **common), refresh_below
                continue
            for page in range(1, pages + 1):
                name = f"{group} {language} page {page}"
                if group == "trending":
                    for window in ("day", "week"):
                        ask = bound(catalogue.trending, window=window, page=page, **common)
                        yield f"{name} {window}", ask, refresh_below
                else:
                    yield name, bound(catalogue.chart, group, page=page, **common), refresh_below


def detail_questions(films, languages) -> Iterator[Question]:
    refresh_below = threshold("details")
    for language in languages:
        asked = {
            "language": language,
            "region": settings.TMDB_REGION,
            "refresh_below": refresh_below,
        }
        for movie_id in films:
            ask = bound(catalogue.movie, movie_id, **asked)
            yield f"details {movie_id} {language}", ask, refresh_below


def threshold(group: str) -> float:
    return LIFETIMES[group][0] * settings.CACHE_TTL_SCALE * REFRESH_BELOW


def bound(question: Callable, *about, **asked) -> Callable[[], Answer]:
    return lambda: question(*about, **asked)


def warmed(ask: Callable[[], Answer], fresh_for: float) -> Answer | None:
    """Ask until there is a document that is fresh for long enough; None if none can be had."""
    waited = 0.0
    while True:
        wait = None
        try:
            answer = ask()
        except TMDbNotAsked as error:
            wait = error.retry_after
        except TMDbError:
            return None
        else:
            return answer if answer.document.seconds_fresh > fresh_for else None
        if wait is None or waited + wait > PATIENCE:
            return None
        waited += wait
        time.sleep(wait)
