"""Measure a user's recommendations from a table of a million rows, and print the query plan.

    DATABASE_URL=postgres://… python benchmarks/recommendations.py

Creates its own database and drops it at the end. The generated model has 3,700 movies with 300 rows
each, and is stored twice, as after two trainings. Compare figures within a run only: the last
column is the ratio to the same user's list of favorites.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks.lists import Measured
from users.lists.tests.builders import make_movies
from users.models import FavoriteMovie, User
from users.recommendations import ranking
from users.recommendations.candidates import allowed_movies
from users.recommendations.feedback import feedback_of
from users.recommendations.learning import storing
from users.recommendations.learning.rows import Rows
from users.recommendations.models import FilmScalars, ItemModel, Neighbour

MOVIES, ROWS_PER_MOVIE = 3700, 300
FAVORITES = (1, 5, 50, 400)


def train(movie_ids: np.ndarray, seed: int) -> None:
    """Write a generated model and serve it, like a training run."""
    random = np.random.default_rng(seed)
    model = ItemModel.objects.create(started_at=timezone.now())
    FilmScalars.objects.bulk_create(
        FilmScalars(model=model, film_id=movie_id, b=b, c=0.0, support=10)
        for movie_id, b in zip(movie_ids.tolist(), random.random(len(movie_ids)).tolist())
    )
    for start in range(0, MOVIES, 100):
        others = np.concatenate([random.permutation(MOVIES)[:ROWS_PER_MOVIE] for _ in range(100)])
        movie = np.repeat(np.arange(start, start + 100), ROWS_PER_MOVIE)
        short, long = random.integers(-2000, 2000, (2, len(movie))).astype(np.int16)
        storing.write_neighbours(model, Rows(movie, others, short, long), movie_ids)
    started = time.perf_counter()
    storing.activate(model)
    storing.remove_old_models()
    storing.vacuum()
    elapsed = time.perf_counter() - started
    print(f"Served after {elapsed:.1f} s; {Neighbour.objects.count():,} rows.")


def favor(user: User, movie_ids: list[int]) -> None:
    FavoriteMovie.objects.all().delete()
    now = timezone.now()
    FavoriteMovie.objects.bulk_create(
        FavoriteMovie(user=user, movie_id=movie_id, added_at=now) for movie_id in movie_ids
    )


def plan(user: User) -> list[str]:
    model = ItemModel.objects.serving()
    allowed = allowed_movies(user=user)
    query, parameters = ranking.ranking_query(model, feedback_of(user, model), allowed, 20)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query}", parameters)
        return [line for (line,) in cursor.fetchall()]


def measure() -> None:
    movie_ids = np.array([movie.pk for movie in make_movies(MOVIES)])
    user = User.objects.create_user("ada", "ada@films.example", "correct horse 9")
    for seed in (1, 2):
        train(movie_ids, seed)
    measured = Measured(user)
    for count in FAVORITES:
        favor(user, movie_ids[:count].tolist())
        measured.baseline = None
        measured.show(f"{count} favorites, the list", "/api/users/favorites/")
        measured.show(f"{count} favorites, recommendations", "/api/recommendations/")
    favor(user, movie_ids[:50].tolist())
    for line in plan(user):
        if Neighbour._meta.db_table in line or "Heap Fetches" in line or "Execution" in line:
            print(line.strip())


if __name__ == "__main__":
    settings.THROTTLE_USER = "1000000/min"
    name = connection.creation.create_test_db(verbosity=0)
    try:
        measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
