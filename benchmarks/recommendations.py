"""Measure recommendations and taste on generated sites, and print the plans of their queries.

    DATABASE_URL=postgres://… python benchmarks/recommendations.py

Creates its own databases and drops them at the end. The generated model has 3,700 movies with 300
rows each, and is stored twice, as after two trainings. Compare figures within a run only.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import generate
from benchmarks import recommendation_rows as rows
from benchmarks.site_rows import COLLECTOR, FIFTY, TYPICAL
from users.accounts.tokens import tokens_for
from users.models import User

SMALL = {"users": 1_000, "movies": 5_000, "favorites": 10_000}
LARGE = {"users": 200_000, "movies": 100_000, "favorites": 10_000_000}
ROUNDS = 25
LIST, RECOMMENDATIONS = "/api/users/favorites/", "/api/recommendations/"
TASTE = "/api/recommendations/taste/"
FILLED = f"{RECOMMENDATIONS}?limit=100"
COMMON, RARE = f"{FILLED}&genres={rows.COMMON}", f"{FILLED}&genres={rows.RARE}"
TWO_RARE = f"{RARE},{rows.OTHER_RARE}"
# What to measure for each user, and the limit of the ratio to the user's list of favorites.
PATHS: dict[str, dict[str, tuple[str, float | None]]] = {
    FIFTY: {
        "50 favorites": (RECOMMENDATIONS, 3),
        "50 favorites, 100 of a common genre": (COMMON, None),
        "50 favorites, 100 of a rare genre": (RARE, None),
        "50 favorites, 100 of two rare genres": (TWO_RARE, None),
        "50 favorites, taste": (TASTE, None),
    },
    TYPICAL: {"100 movies on each list": (RECOMMENDATIONS, None)},
    rows.ONE: {
        "1 favorite": (RECOMMENDATIONS, None),
        "1 favorite, 100 movies": (FILLED, None),
        "1 favorite, 100 of a rare genre": (RARE, None),
        "1 favorite, 100 of two rare genres": (TWO_RARE, None),
    },
    rows.MANY: {"400 favorites": (RECOMMENDATIONS, None)},
    COLLECTOR: {
        "50,000 favorites": (RECOMMENDATIONS, 8),
        "50,000 favorites, 100 of a rare genre": (RARE, None),
        "50,000 favorites, taste": (TASTE, 20),
    },
}


class Measurement(NamedTuple):
    """`ratio` is to the baseline, and at most `limit` if there is one."""

    name: str
    ms: float
    baseline_ms: float
    ratio: float
    limit: float | None


class Plan(NamedTuple):
    """A query of one request, with its EXPLAIN (ANALYZE, BUFFERS)."""

    name: str
    ms: float
    query: str
    lines: list[str]


def medians(user: User, paths: list[str]) -> list[float]:
    """Return the median milliseconds of requests of these paths, which take turns."""
    client = client_of(user)
    times: dict[str, list[float]] = {path: [] for path in paths}
    for path in paths:
        assert client.get(path).status_code == 200
    for _ in range(ROUNDS):
        for path in paths:
            started = time.perf_counter()
            client.get(path)
            times[path].append((time.perf_counter() - started) * 1000)
    return [statistics.median(times[path]) for path in paths]


def client_of(user: User) -> Client:
    return Client(headers={"authorization": f"Bearer {tokens_for(user)['access']}"})


def measure_large() -> list[Measurement]:
    """Measure all PATHS on the site in the current database, next to the lists of favorites."""
    found = []
    for name, measured in PATHS.items():
        user = User.objects.get(username=name)
        baseline, *times = medians(user, [LIST, *(path for path, _ in measured.values())])
        for (row, (_, limit)), ms in zip(measured.items(), times):
            found.append(Measurement(row, ms, baseline, ms / baseline, limit))
    return found


def measure_growth(ms: float) -> Measurement:
    """Compare a typical user's time on the large site with that on the small one."""
    [small] = medians(User.objects.get(username=FIFTY), [RECOMMENDATIONS])
    name = f"50 favorites, {LARGE['movies']:,} movies, compared with {SMALL['movies']:,}"
    return Measurement(name, ms, small, ms / small, 1.5)


def plans(user: User, path: str) -> Iterator[Plan]:
    """Yield the plan of each SELECT of a request, with the time that the query took in it."""
    client = client_of(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    for number, query in enumerate(captured.captured_queries, 1):
        if query["sql"].lstrip().startswith(("SELECT", "WITH")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query['sql']}")
                lines = [line for (line,) in cursor.fetchall()]
            yield Plan(f"{path} {number}", float(query["time"]) * 1000, query["sql"], lines)


def all_plans() -> list[Plan]:
    """Return the plans of all PATHS on the site in the current database."""
    return [
        plan
        for name, measured in PATHS.items()
        for path, _ in measured.values()
        for plan in plans(User.objects.get(username=name), path)
    ]


@contextmanager
def site(sizes: dict[str, int]) -> Iterator[None]:
    """Generate a site, and use its database for the duration of the block."""
    name = connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        generate.fill(**sizes)
        rows.add_rows()
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure() -> tuple[list[Measurement], list[Plan]]:
    """Measure everything. The plans are those of the large site."""
    settings.THROTTLE_USER = "1000000/min"
    with site(LARGE):
        found, explained = measure_large(), all_plans()
    with site(SMALL):
        found.append(measure_growth(found[0].ms))
    return found, explained


def show(found: list[Measurement]) -> None:
    for each in found:
        limit = f"(at most {each.limit:g})" if each.limit else ""
        print(f"{each.name:55} {each.ms:8.1f} ms {each.ratio:6.2f} {limit}")


if __name__ == "__main__":
    found, explained = measure()
    show(found)
    for plan in explained:
        print(f"\n{plan.name}: {plan.ms:.0f} ms\n{plan.query[:300]}\n" + "\n".join(plan.lines))
