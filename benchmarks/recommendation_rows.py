"""Add to a generated site what recommendations need: a model, rare genres and more users."""

import numpy as np
from django.db import connection
from django.db.models import F
from django.utils import timezone

from benchmarks.site_rows import COLLECTOR, FIFTY, TYPICAL
from movies.models import Movie, MovieGenre
from users.models import FavoriteMovie, User
from users.recommendations.learning import storing
from users.recommendations.learning.rows import Rows
from users.recommendations.models import FilmScalars, ItemModel

MODELLED, ROWS_PER_MOVIE = 3700, 300
COMMON, RARE, OTHER_RARE = 18, 37, 10770
KEPT = 12  # one in so many movies of the rare genres keeps the genre

# Users with favorites of the model only, by name.
ONE, MANY = "one favorite", "many favorites"
USERS = (FIFTY, TYPICAL, ONE, MANY, COLLECTOR)


def add_rows() -> None:
    """Add everything to the site in the current database, if it was not added before."""
    if ItemModel.objects.exists():
        return
    movie_ids = np.array(
        Movie.objects.filter(gone_at=None)
        .order_by("-popularity", "id")
        .values_list("id", flat=True)[:MODELLED]
    )
    for seed in (1, 2):  # as after two trainings
        train(movie_ids, seed)
    rare = MovieGenre.objects.filter(genre__in=[RARE, OTHER_RARE])
    rare.annotate(remainder=F("movie_id") % KEPT).filter(remainder__gt=0).delete()
    add_user(ONE, movie_ids[:1].tolist())
    add_user(MANY, movie_ids[:3600:9].tolist())
    # The favorites of this user are replaced by as many that the model knows.
    FavoriteMovie.objects.filter(user__username=FIFTY).delete()
    add_favorites(User.objects.get(username=FIFTY), movie_ids[::70][:50].tolist())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def train(movie_ids: np.ndarray, seed: int) -> None:
    """Write a generated model and serve it, like a training run."""
    random = np.random.default_rng(seed)
    model = ItemModel.objects.create(started_at=timezone.now())
    FilmScalars.objects.bulk_create(
        FilmScalars(model=model, film_id=movie_id, b=b, c=0.0, support=10)
        for movie_id, b in zip(movie_ids.tolist(), (random.random(len(movie_ids)) / 10).tolist())
    )
    for start in range(0, len(movie_ids), 100):
        part = np.arange(start, min(start + 100, len(movie_ids)))
        chosen = [random.permutation(len(movie_ids))[:ROWS_PER_MOVIE] for _ in part]
        movie, others = np.repeat(part, ROWS_PER_MOVIE), np.concatenate(chosen)
        short, long = random.integers(-2000, 2000, (2, len(movie))).astype(np.int16)
        storing.write_neighbours(model, Rows(movie, others, short, long), movie_ids)
    storing.activate(model)
    storing.remove_old_models()
    storing.vacuum()


def add_user(name: str, movie_ids: list[int]) -> None:
    add_favorites(User.objects.create_user(name, "", None), movie_ids)


def add_favorites(user: User, movie_ids: list[int]) -> None:
    now = timezone.now()
    FavoriteMovie.objects.bulk_create(
        FavoriteMovie(user=user, movie_id=movie_id, added_at=now) for movie_id in movie_ids
    )
