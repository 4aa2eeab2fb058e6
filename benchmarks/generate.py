"""Fill a database of PostgreSQL with a generated site.

    DATABASE_URL=postgres://…/site python benchmarks/generate.py --users 1000 --movies 5000 \
        --favorites 10000

The database is created if there is none; with `--replace`, one that exists is dropped first. The
same seed and sizes give the same rows, whose times count back from the current day. Popularity
and activity follow power laws. Three users have lists of known lengths: see `site_rows`.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

import numpy as np
from django.core.management import call_command
from django.db import connection

from benchmarks import site_rows
from benchmarks.copying import copy_arrays, copy_rows, without_indexes
from movies.genres import ENGLISH_GENRES
from movies.models import Movie, MovieGenre
from movies.store.writing import save_genres
from users.lists.kinds import LISTS
from users.models import User


class Report:
    """Prints how many rows a table has got, and in what time."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()

    def __call__(self, what: str, rows: int | None = None) -> None:
        now = time.perf_counter()
        counted = "" if rows is None else f"{rows:,}"
        print(f"{what:32} {counted:>12} {now - self.begun:8.1f} s", flush=True)
        self.begun = now


def fill(*, users: int, movies: int, favorites: int, seed: int = 1, old: float = 0.1) -> None:
    """Fill the empty tables of the current database; `old` movies are due for `prune_movies`."""
    report = Report()
    random = np.random.default_rng(seed)
    popularity = site_rows.movie_popularity(random, movies)
    fill_users(random, users)
    report("users", users)
    fill_movies(random, popularity, old)
    report("movies", movies)
    for name in LISTS:
        total = int(favorites * site_rows.SHARES.get(name, 1))
        report(name, fill_list(name, random, popularity, users, total))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    report("VACUUM ANALYZE")


def fill_users(random: np.random.Generator, number: int) -> None:
    drawn = ["id", "username", "email", "date_joined", "last_login"]
    constant: dict[str, Any] = {
        "password": "!",
        "first_name": "",
        "last_name": "",
        "is_superuser": False,
        "is_staff": False,
        "is_active": True,
        "token_version": 0,
        "favorite_genres": "[]",
    }
    table = User._meta.db_table
    rows = (row + [*constant.values()] for row in site_rows.users(random, number))
    with without_indexes(table):
        copy_rows(table, drawn + [*constant], rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])


def fill_movies(random: np.random.Generator, popularity: np.ndarray, old: float) -> None:
    save_genres(ENGLISH_GENRES)
    columns = [field.name for field in Movie._meta.concrete_fields]
    rows = site_rows.movies(random, popularity, old)
    table = Movie._meta.db_table
    with without_indexes(table):
        copy_rows(table, columns, ([row[name] for name in columns] for row in rows))
    genres = site_rows.movie_genres(random, len(popularity))
    kinds = {"movie_id": "integer", "genre_id": "integer", "position": "smallint"}
    table = MovieGenre._meta.db_table
    with without_indexes(table):
        copy_arrays(table, {name: (kinds[name], genres[name]) for name in genres})


def fill_list(
    name: str, random: np.random.Generator, popularity: np.ndarray, users: int, total: int
) -> int:
    own = {
        user_id: length
        for user_id, (user, length) in enumerate(site_rows.FAVORITES_OF.items(), 1)
        if name == "favorites" or user == site_rows.ON_ALL_LISTS
    }
    rows = site_rows.entries(random, popularity, users, total, own)
    count = len(rows["user_id"])
    arrays = {
        "user_id": ("bigint", rows["user_id"]),
        "movie_id": ("integer", rows["movie_id"]),
        "added_at": ("bigint", rows["added_at"]),
    }
    if name == "watched":
        arrays["watched_on"] = ("integer", site_rows.days(rows["added_at"]))
        arrays["plays"] = ("integer", random.geometric(0.8, count))
    if name == "ratings":
        arrays["rating"] = ("smallint", random.integers(1, 11, count))
    table = LISTS[name].model._meta.db_table
    with without_indexes(table):
        copy_arrays(table, arrays)
    return count


def create_database(*, replace: bool) -> None:
    """Create the database of DATABASE_URL unless it exists, and migrate it."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection._nodb_cursor() as cursor:
        if replace:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [connection.settings_dict["NAME"]]
        )
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {name}")
    call_command("migrate", verbosity=0)


def main() -> None:
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--movies", type=int, default=5000)
    parser.add_argument("--favorites", type=int, default=10_000, help="rows besides other lists")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--old", type=float, default=0.1, help="share of movies to be pruned")
    parser.add_argument("--replace", action="store_true", help="drop the database first")
    given = vars(parser.parse_args())
    if connection.vendor != "postgresql":
        sys.exit("DATABASE_URL must name a database of PostgreSQL.")
    create_database(replace=given.pop("replace"))
    if User.objects.exists() or Movie.objects.exists():
        sys.exit("The database is not empty.")
    fill(**given)


if __name__ == "__main__":
    main()
