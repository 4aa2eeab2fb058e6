"""Measure how the time of requests grows with the site, on two generated databases.

    DATABASE_URL=postgres://…/any python benchmarks/growth.py SMALL BIG [--plans]

SMALL and BIG are the names of databases that generate.py has filled, on the server of DATABASE_URL.
Whole requests are measured, through Django's test client. Compare ratios within a run only.
"""

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.site_rows import COLLECTOR, TYPICAL
from movies.management.commands import prune_movies
from movies.models import Movie
from users.accounts.tokens import tokens_for
from users.lists.kinds import LISTS
from users.lists.reading import ORDERS
from users.models import FavoriteMovie, User

ROUNDS, TIMES = 5, 5
FAVORITES, ADMIN = "/api/users/favorites/", "/admin/users/favoritemovie/"
ADMINISTRATOR = "benchmark-administrator"
SORTS = [f"{sign}{order}" for order in ORDERS for sign in ("-", "")]


# The milliseconds of each request, by database, name of the case, and path.
Times = defaultdict[tuple[str, str, str], list[float]]


class Row(NamedTuple):
    """A measure. If both requests go to the big site, `small_ms` is the time of the first."""

    name: str
    small_ms: float
    big_ms: float
    ratio: float
    limit: float | None


@dataclass(frozen=True)
class Case:
    """A request of a user. It is compared with the small site's, or with `base` on the big one."""

    name: str
    user: str
    path: str
    base: str | None = None
    limit: float | None = None
    times: int = TIMES


def cases() -> list[Case]:
    found = [
        Case(f"{name}, {sort}", TYPICAL, f"/api/users/{name}/?sort={sort}", limit=1.5)
        for name in LISTS
        for sort in SORTS
    ]
    found += [
        Case("one favorite's status", TYPICAL, f"{FAVORITES}7/", limit=1.5),
        Case("library of 100 movies", TYPICAL, f"/api/users/library/?movie_ids={ids(100)}"),
        Case("profile with its counts", TYPICAL, "/api/users/profile/", limit=1.5),
    ]
    newest = f"{FAVORITES}?sort=-added_at"
    long = "50,000 favorites"
    found += [
        Case(f"{long}, {sort} ÷ -added_at", COLLECTOR, f"{FAVORITES}?sort={sort}", newest, 3)
        for sort in SORTS[1:]
    ]
    found += [
        Case(f"{long}, {query} ÷ -added_at", COLLECTOR, f"{FAVORITES}?{query}", newest)
        for query in ("genres=18", "genres=18,35", "year=1999", "query=bal", "query=no+such+title")
    ]
    found += [
        Case(f"{long}, profile ÷ -added_at", COLLECTOR, "/api/users/profile/", newest),
        Case(f"{long}, export ÷ -added_at", COLLECTOR, "/api/users/export/", newest, times=1),
    ]
    found += [
        Case(f"admin, {name}", ADMINISTRATOR, path, times=1)
        for name, path in {
            "favorites": ADMIN,
            "favorites, page 100": f"{ADMIN}?p=100",
            "favorites, page 40,000": f"{ADMIN}?p=40000",
            "favorites by added_at": f"{ADMIN}?o=-3",
            "favorites of a user": f"{ADMIN}?q={COLLECTOR}",
            "favorites of the most popular movie": f"{ADMIN}?q={{popular}}",
            "deleting the most popular movie": "/admin/movies/movie/{popular}/delete/",
            "movies": "/admin/movies/movie/",
            "movies by title": "/admin/movies/movie/?o=2",
            "movies found by a title": "/admin/movies/movie/?q=bal",
            "movies of a genre": "/admin/movies/movie/?genres__id__exact=18",
            "users": "/admin/users/user/",
            "users by name": "/admin/users/user/?o=1",
            "users found by a name": "/admin/users/user/?q=USER77",
            "users found by an address": "/admin/users/user/?q=user77@mail.example",
            "staff": "/admin/users/user/?is_staff__exact=1",
        }.items()
    ]
    return found


def ids(number: int) -> str:
    return ",".join(map(str, range(1, number + 1)))


class Site:
    """The clients of a generated database's users."""

    def __init__(self) -> None:
        users = User.objects.in_bulk([TYPICAL, COLLECTOR, ADMINISTRATOR], field_name="username")
        if len(users) < 3:
            users[ADMINISTRATOR] = User.objects.create_superuser(ADMINISTRATOR, "", None)
        self.clients = {
            name: Client(headers={"authorization": f"Bearer {tokens_for(user)['access']}"})
            for name, user in users.items()
        }
        self.clients[ADMINISTRATOR].force_login(users[ADMINISTRATOR])
        counted = FavoriteMovie.objects.values("movie").annotate(n=Count("*")).order_by("-n")
        self.popular = counted.first()["movie"]

    def ask(self, case: Case, path: str) -> None:
        response = self.clients[case.user].get(path.format(popular=self.popular))
        assert response.status_code in (200, 302), (path, response.status_code)
        if response.streaming:
            b"".join(response.streaming_content)


@contextmanager
def using(database: str) -> Iterator[None]:
    """Make Django use another database of the server."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


@contextmanager
def administrator(*databases: str) -> Iterator[None]:
    """Remove the administrator that Site creates."""
    try:
        yield
    finally:
        for database in databases:
            with using(database):
                User.objects.filter(username=ADMINISTRATOR).delete()


def measure(small: str, big: str) -> list[Row]:
    """Return the median times of all cases on two databases. The rounds alternate between them."""
    settings.THROTTLE_USER = "1000000000/min"
    times: Times = defaultdict(list)
    with administrator(small, big):
        for _ in range(ROUNDS):
            for database in (small, big):
                with using(database):
                    measure_once(times, database, is_big=database == big)
    rows = []
    for case in cases():
        first = (big, case.name, case.base) if case.base else (small, case.name, case.path)
        before = statistics.median(times[first])
        after = statistics.median(times[big, case.name, case.path])
        rows.append(Row(case.name, before, after, after / before, case.limit))
    before, after = pruned(small), pruned(big)
    rows.append(Row("prune_movies, for 1,000 movies", before, after, after / before, None))
    return rows


def measure_once(times: Times, database: str, *, is_big: bool) -> None:
    site = Site()
    for case in cases():
        if case.base and not is_big:
            continue
        for path in [case.path, case.base] if case.base else [case.path]:
            # The first answer of a new connection is slower.
            site.ask(case, path)
            for _ in range(case.times):
                took = timed(lambda: site.ask(case, path))
                times[database, case.name, path].append(took)


def timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


def pruned(database: str) -> float:
    """Return the milliseconds of prune_movies for 1,000 due movies, apart from TMDb's answers."""
    refetch, prune_movies.refetch_movie = prune_movies.refetch_movie, lambda *given: True
    try:
        with using(database), transaction.atomic(), open(os.devnull, "w") as nowhere:
            limit = timezone.now() - timedelta(days=prune_movies.KEPT_DAYS)
            due = Movie.objects.filter(fetched_at__lt=limit).count()
            took = timed(lambda: call_command("prune_movies", stdout=nowhere))
            transaction.set_rollback(True)
    finally:
        prune_movies.refetch_movie = refetch
    return took / due * 1000


def plans(database: str) -> dict[str, str]:
    """Return the query plan of each case's slowest query."""
    found = {}
    with administrator(database), using(database):
        site = Site()
        for case in cases():
            with CaptureQueriesContext(connection) as captured:
                site.ask(case, case.path)
            # The times that Django notes are rounded to milliseconds.
            explained = [explain(query["sql"]) for query in captured if "SELECT" in query["sql"]]
            found[case.name] = max(explained, key=execution_time, default="no query")
    return found


def explain(sql: str) -> str:
    if sql.startswith("DECLARE"):  # a server-side cursor
        sql = sql[sql.index("SELECT") :]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def execution_time(plan: str) -> float:
    return float(plan.rsplit("Execution Time: ")[-1].removesuffix(" ms"))


def main() -> None:
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("small")
    parser.add_argument("big")
    parser.add_argument("--plans", action="store_true", help="also print the query plans")
    given = parser.parse_args()
    for row in measure(given.small, given.big):
        limit = "" if row.limit is None else f"at most {row.limit}"
        print(f"{row.name:52} {row.small_ms:8.1f} {row.big_ms:8.1f} ms {row.ratio:8.2f}  {limit}")
    for name, plan in plans(given.big).items() if given.plans else []:
        print(f"\n{name}\n{plan}")


if __name__ == "__main__":
    main()
