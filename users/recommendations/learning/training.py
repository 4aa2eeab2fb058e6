"""Train a model and serve it."""

import fcntl
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TypedDict

import numpy as np
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from users.recommendations.models import ItemModel

from . import storing
from .fit import fit
from .gram import BLOCK
from .interactions import InteractionMatrix
from .rows import strongest_rows

# The key of PostgreSQL's advisory lock for a training run.
LOCK = 0x7261_7465


class AlreadyRunning(Exception):
    """Another training run is in progress. Two would delete each other's rows."""


class Summary(TypedDict):
    """The contents of ItemModel.summary."""

    films: int
    users: int
    interactions: int
    rows: int
    seconds: float
    # The files of the public dataset that was used, for the next run.
    public_set: list[str] | None
    peak_memory_mb: int


@contextmanager
def exclusive_training_lock() -> Iterator[None]:
    """Prevent other training runs for the duration of the block. Raises AlreadyRunning."""
    if connection.vendor == "postgresql":
        # A session's lock would be lost with PgBouncer, which may give each transaction another
        # connection. So the lock belongs to a transaction, on a connection of its own.
        guard = connection.copy()
        try:
            guard.set_autocommit(False)
            with guard.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
                if not cursor.fetchone()[0]:
                    raise AlreadyRunning
            yield
        finally:
            # PostgreSQL ends the session of a closed connection a moment later, with its lock.
            with suppress(DatabaseError):
                guard.rollback()
            guard.close()
    else:
        # The lock file is next to the database, so that all runs on that database share it.
        path = f"{connection.settings_dict['NAME']}-training"
        handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning from None
            yield
        finally:
            os.close(handle)


def train(
    matrix: InteractionMatrix,
    started_at: datetime,
    *,
    rows_per_movie: int,
    lambda_short: float,
    lambda_long: float | None,
    public_set: list[str] | None = None,
    dry_run: bool = False,
) -> Summary:
    """Fit, store and serve a model, and return its summary. A dry run stores nothing.

    `started_at` is when the run began, including the reading of its data. `public_set` lists the
    files of the public dataset in the matrix. If the run ends early, for whatever reason, the
    current model stays in service.

    Raises np.linalg.LinAlgError if there is no solution.
    """
    model = ItemModel(started_at=started_at)
    if not dry_run:
        model.save()
    fitted = fit(matrix.X, matrix.weights, lambda_short=lambda_short, lambda_long=lambda_long)
    if not np.isfinite([fitted.b, fitted.c, fitted.g]).all():
        raise np.linalg.LinAlgError("The model holds infinities or NaN.")
    if not dry_run:
        storing.write_item_biases(model, fitted, matrix.movie_ids)
    written, total = 0, len(matrix.movie_ids)
    with tqdm(total=total, unit="movie", disable=None, file=sys.stderr) as bar:
        for rows in strongest_rows(fitted, rows_per_movie):
            if not dry_run:
                storing.write_neighbours(model, rows, matrix.movie_ids)
            written += len(rows)
            bar.update(min(BLOCK, total - bar.n))
    summary: Summary = {
        "films": total,
        "users": matrix.X.shape[0],
        "interactions": matrix.interactions,
        "rows": written,
        "seconds": round((timezone.now() - started_at).total_seconds(), 1),
        "public_set": public_set,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if not dry_run:
        model.summary = summary
        storing.activate(model)
        storing.remove_old_models()
        storing.vacuum()
    return summary
