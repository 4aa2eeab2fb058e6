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

EXPONENT = 0.8  # of popularity by rank; similar to MovieLens
PER_USER = 100  # favorites, on average
DRAWN = 1_000_000  # pairs drawn at a time


def made_up(films: int, pairs: int) -> Interactions:
    """Draw `pairs` different pairs of users and movies."""
    random = np.random.default_rng(1)
    users = pairs // PER_USER
    busy, popular = powers(users, 0.5), powers(films, EXPONENT)
    found = np.empty(0, np.int64)
    while len(found) < pairs:
        drawn = random.choice(users, DRAWN, p=busy) * films + random.choice(films, DRAWN, p=popular)
        found = np.union1d(found, drawn)
    found = random.choice(found, pairs, replace=False)
    likes = Interactions()
    for user, film in zip((found // films).tolist(), (found % films).tolist()):
        likes.add(user, film)
    return likes


def powers(many: int, exponent: float) -> np.ndarray:
    shares = np.arange(1, many + 1) ** -exponent
    return shares / shares.sum()


def main(films: int, pairs: int) -> None:
    likes = made_up(films, pairs)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    begun = time.perf_counter()
    learnt = build_matrix(likes)
    made = time.perf_counter()
    model = fit(learnt.X)
    fitted = time.perf_counter()
    rows = sum(len(part) for part in strongest_rows(model))
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{len(learnt.movie_ids):6} films {learnt.X.shape[0]:6} users {learnt.X.nnz:8} favorites"
        f" {rows:8} rows: matrix {made - begun:.1f} s, fit {fitted - made:.1f} s,"
        f" rows {ended - fitted:.1f} s, total {ended - begun:.1f} s,"
        f" {peak} MB ({before} MB before)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
