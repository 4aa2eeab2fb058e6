"""Write a model's rows under its number, and serve it, all at once."""

import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from operator import itemgetter

import numpy as np
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from users.recommendations.models import FilmScalars, ItemModel, Neighbour

from .fit import Fitted
from .rows import Rows

BATCH = 10_000  # rows a transaction
MOST_ROWS = BATCH // 4  # a film on average; the most popular ones have four times as many
MODELS_KEPT = 2
TABLES = [FilmScalars._meta.db_table, Neighbour._meta.db_table]
COLUMNS = "model, film, other, s, l"
# PostgreSQL's binary format of COPY: a header, and before each row and value its length.
HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
END = struct.pack("!h", -1)
RECORD = np.dtype(
    [("columns", ">i2")]
    + [
        part
        for name, kind, size in (
            ("model", ">i4", 4),
            ("film", ">i4", 4),
            ("other", ">i4", 4),
            ("s", ">i2", 2),
            ("l", ">i2", 2),
        )
        for part in ((f"size of {name}", ">i4"), (name, kind))
    ]
)


class Removed(Exception):
    """The model that was to be served is gone."""


def write_scalars(model: ItemModel, fitted: Fitted, films: np.ndarray) -> None:
    scalars = zip(films.tolist(), fitted.b.tolist(), fitted.c.tolist(), fitted.popularity.tolist())
    rows = [
        FilmScalars(model=model, film_id=film, b=b, c=c, support=round(support))
        for film, b, c, support in scalars
    ]
    for start in range(0, len(rows), BATCH):
        FilmScalars.objects.bulk_create(rows[start : start + BATCH])


def write_neighbours(model: ItemModel, rows: Rows, films: np.ndarray) -> None:
    """Write rows, BATCH in a transaction."""
    film, other = films[rows.film], films[rows.other]
    for start in range(0, len(rows), BATCH):
        part = slice(start, start + BATCH)
        values = (film[part], other[part], rows.short[part], rows.long[part])
        if connection.vendor == "postgresql":
            copy(model.pk, *values)
        else:
            insert(model.pk, *values)


def copy(number: int, film, other, short, long) -> None:
    records = np.zeros(len(film), RECORD)
    records["columns"] = 5
    for name, values in (
        ("model", number),
        ("film", film),
        ("other", other),
        ("s", short),
        ("l", long),
    ):
        records[name] = values
        records[f"size of {name}"] = RECORD[name].itemsize
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {Neighbour._meta.db_table} ({COLUMNS}) FROM STDIN WITH (FORMAT binary)",
            BytesIO(HEADER + records.tobytes() + END),
        )


def insert(number: int, film, other, short, long) -> None:
    values = zip(film.tolist(), other.tolist(), short.tolist(), long.tolist())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Neighbour._meta.db_table} ({COLUMNS}) VALUES (%s, %s, %s, %s, %s)",
            [(number, *each) for each in values],
        )


def activate(model: ItemModel) -> None:
    """Serve the model from now on. Raises Removed.

    The planner must know the new number when it is first asked for: without that it reads whole
    tables.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
        unfinished = ItemModel.objects.filter(pk=model.pk, activated_at=None)
        if not unfinished.update(activated_at=timezone.now(), summary=model.summary):
            raise Removed


def remove_others() -> None:
    """Remove unfinished models, and all but the newest of those that were served."""
    kept = ItemModel.objects.filter(activated_at__isnull=False).order_by("-activated_at", "-id")
    kept = list(kept.values_list("pk", flat=True)[:MODELS_KEPT])
    # Rows may be those of a run that was killed before it had written its scalars.
    rows = Neighbour.objects.exclude(model__in=kept).order_by("model", "film")
    for model, films in batches(rows.values_list("model", "film").annotate(Count("other"))):
        Neighbour.objects.filter(model=model, film__in=films).delete()
    for model in ItemModel.objects.exclude(pk__in=kept):
        while scalars := list(model.films.values_list("pk", flat=True)[:BATCH]):
            model.films.filter(pk__in=scalars).delete()
        model.delete()


def batches(counts: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield (model, films) of BATCH rows at most from (model, film, rows), in order of models."""
    for model, of_model in groupby(counts, key=itemgetter(0)):
        films, total = [], 0
        for _, film, rows in of_model:
            if films and total + rows > BATCH:
                yield model, films
                films, total = [], 0
            films.append(film)
            total += rows
        yield model, films


def tidy() -> None:
    """Give back the space of removed rows, so that reading the key alone is enough again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"VACUUM {table}")
