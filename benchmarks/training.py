"""Measure the training of the recommendation model on generated favorites: time and peak memory.

    python benchmarks/training.py 3700 1000000
    python benchmarks/training.py 20000 5000000

The arguments are the numbers of movies and favorites. The popularity of movies and the activity of
users follow power laws. The time to store the rows is not included.
"""

import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

import numpy as np

from users.recommendations.learning.fit import fit
from users.recommendations.learning.interactions import Interactions, build_matrix
from users.recommendations.learning.rows import strongest_rows

EXPONENT = 0.8  # of popularity by rank, close to MovieLens'
FAVORITES_PER_USER = 100  # on average
BATCH = 1_000_000  # pairs drawn at a time


def generate(movies: int, pairs: int) -> Interactions:
    """Draw distinct pairs of a user and a movie."""
    random = np.random.default_rng(1)
    users = pairs // FAVORITES_PER_USER
    activity, popularity = power_law(users, 0.5), power_law(movies, EXPONENT)
    found = np.empty(0, np.int64)
    while len(found) < pairs:
        drawn_users = random.choice(users, BATCH, p=activity)
        drawn_movies = random.choice(movies, BATCH, p=popularity)
        found = np.union1d(found, drawn_users * movies + drawn_movies)
    found = random.choice(found, pairs, replace=False)
    likes = Interactions()
    for user, movie_id in zip((found // movies).tolist(), (found % movies).tolist()):
        likes.add(user, movie_id)
    return likes


def power_law(size: int, exponent: float) -> np.ndarray:
    shares = np.arange(1, size + 1) ** -exponent
    return shares / shares.sum()


def memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(movies: int, pairs: int) -> None:
    likes = generate(movies, pairs)
    memory_before = memory_mb()
    started = time.perf_counter()
    matrix = build_matrix(likes)
    built = time.perf_counter()
    model = fit(matrix.X)
    fitted = time.perf_counter()
    rows = sum(len(part) for part in strongest_rows(model))
    ended = time.perf_counter()
    print(
        f"{len(matrix.movie_ids):6} movies {matrix.X.shape[0]:6} users"
        f" {matrix.interactions:8} favorites {rows:8} rows: matrix {built - started:.1f} s,"
        f" fit {fitted - built:.1f} s, rows {ended - fitted:.1f} s, total {ended - started:.1f} s,"
        f" {memory_mb()} MB ({memory_before} MB before)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
