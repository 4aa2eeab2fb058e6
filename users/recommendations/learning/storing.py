"""Store a trained model, and start to serve it."""

from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import groupby
from operator import itemgetter

import numpy as np
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from numpy.typing import NDArray

from users.recommendations.models import FilmScalars, ItemModel, Neighbour

from .fit import FittedModel
from .rows import Rows

BATCH_SIZE = 10_000  # rows in one transaction
# The most popular movies have up to four times the average number of rows, which must fit into a
# batch.
MAX_ROWS_PER_MOVIE = BATCH_SIZE // 4
MODELS_KEPT = 2
TABLES = [FilmScalars._meta.db_table, Neighbour._meta.db_table]
COLUMNS = "model, film, other, s, l"


class ModelRemoved(Exception):
    """The model was deleted before it could be served."""


def write_item_biases(model: ItemModel, fitted: FittedModel, movie_ids: NDArray[np.int64]) -> None:
    """Write the item bias and the support of each movie, BATCH_SIZE rows at a time."""
    columns = (movie_ids, fitted.b, fitted.c, fitted.popularity)
    rows = [
        FilmScalars(model=model, film_id=movie_id, b=b, c=c, support=round(support))
        for movie_id, b, c, support in zip(*(column.tolist() for column in columns))
    ]
    for start in range(0, len(rows), BATCH_SIZE):
        FilmScalars.objects.bulk_create(rows[start : start + BATCH_SIZE])


def write_neighbours(model: ItemModel, rows: Rows, movie_ids: NDArray[np.int64]) -> None:
    """Write rows in transactions of BATCH_SIZE. `movie_ids` are the ids of the model's movies."""
    movie, other = movie_ids[rows.movie], movie_ids[rows.other]
    write = copy_rows if connection.vendor == "postgresql" else insert_rows
    for start in range(0, len(rows), BATCH_SIZE):
        part = slice(start, start + BATCH_SIZE)
        write(model.pk, movie[part], other[part], rows.short[part], rows.long[part])


def copy_rows(
    model_id: int,
    movie: NDArray[np.int64],
    other: NDArray[np.int64],
    short: NDArray[np.int16],
    long: NDArray[np.int16],
) -> None:
    """Write rows with PostgreSQL's COPY, which is much faster than INSERT."""
    values = zip(movie.tolist(), other.tolist(), short.tolist(), long.tolist())
    lines = "".join(f"{model_id}\t%d\t%d\t%d\t%d\n" % each for each in values)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {Neighbour._meta.db_table} ({COLUMNS}) FROM STDIN", StringIO(lines)
        )


def insert_rows(
    model_id: int,
    movie: NDArray[np.int64],
    other: NDArray[np.int64],
    short: NDArray[np.int16],
    long: NDArray[np.int16],
) -> None:
    """Write rows with INSERT, for SQLite."""
    values = zip(movie.tolist(), other.tolist(), short.tolist(), long.tolist())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Neighbour._meta.db_table} ({COLUMNS}) VALUES (%s, %s, %s, %s, %s)",
            [(model_id, *each) for each in values],
        )


def activate(model: ItemModel) -> None:
    """Serve the model from now on. Raises ModelRemoved if it was deleted.

    The statistics are updated first. Without them, the planner would read whole tables for the
    first queries of a new model.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
        unfinished = ItemModel.objects.filter(pk=model.pk, activated_at=None)
        if not unfinished.update(activated_at=timezone.now(), summary=model.summary):
            raise ModelRemoved


def remove_old_models() -> None:
    """Delete unfinished models, and all but the MODELS_KEPT newest of those that were served."""
    served = ItemModel.objects.filter(activated_at__isnull=False).order_by("-activated_at", "-id")
    kept = list(served.values_list("pk", flat=True)[:MODELS_KEPT])
    # Rows may belong to a model that no longer exists.
    rows = Neighbour.objects.exclude(model__in=kept).order_by("model", "film")
    sizes = rows.values_list("model", "film").annotate(Count("other"))
    for model_id, movie_ids in batches(sizes):
        Neighbour.objects.filter(model=model_id, film__in=movie_ids).delete()
    for model in ItemModel.objects.exclude(pk__in=kept):
        while biases := list(model.films.values_list("pk", flat=True)[:BATCH_SIZE]):
            model.films.filter(pk__in=biases).delete()
        model.delete()


def batches(sizes: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield (model id, movie ids) with at most BATCH_SIZE rows in total.

    `sizes` are (model id, movie id, number of rows), sorted by model.
    """
    for model_id, of_model in groupby(sizes, key=itemgetter(0)):
        movie_ids: list[int] = []
        total = 0
        for _, movie_id, size in of_model:
            if movie_ids and total + size > BATCH_SIZE:
                yield model_id, movie_ids
                movie_ids, total = [], 0
            movie_ids.append(movie_id)
            total += size
        yield model_id, movie_ids


def vacuum() -> None:
    """Reclaim the space of deleted rows, so that PostgreSQL can use index-only scans again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"VACUUM {table}")
