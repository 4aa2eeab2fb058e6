"""One training run, from the lists to a model that is served."""

import fcntl
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import numpy as np
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from users.recommendations.models import ItemModel

from . import storing
from .fit import fit
from .gram import BLOCK
from .interactions import Matrix
from .rows import kept_rows

# Of PostgreSQL's advisory locks, which are numbers: this one means that a training runs.
LOCK = 0x7261_7465


class AlreadyRunning(Exception):
    """Another training runs; two would remove each other's rows."""


@contextmanager
def alone() -> Iterator[None]:
    """Let no other training run meanwhile. Raises AlreadyRunning."""
    if connection.vendor == "postgresql":
        # The lock is a transaction's, on a connection of its own: PgBouncer may hand other
        # connections on after each transaction, and a session's lock would go with them.
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
            guard.close()
    else:
        # Beside the database, so that whoever can write that meets the same lock.
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
    matrix: Matrix,
    begun: datetime,
    *,
    per_film: int,
    lambda_short: float,
    lambda_long: float | None,
    public_set: list[str] | None = None,
    dry_run: bool = False,
) -> dict:
    """Fit, write and serve a model; return the summary, with the seconds since `begun`. With
    `dry_run` nothing is written. Raises LinAlgError where there is no model.

    `public_set` names the files that the matrix was made of too, for the next run.

    Whatever ends this before its end, the model that was served is served.
    """
    model = ItemModel(started_at=begun)
    if not dry_run:
        model.save()
    fitted = fit(matrix.X, matrix.weights, lambda_short=lambda_short, lambda_long=lambda_long)
    if not np.isfinite([fitted.b, fitted.c, fitted.g]).all():
        raise np.linalg.LinAlgError("The model holds no numbers.")
    if not dry_run:
        storing.write_scalars(model, fitted, matrix.films)
    written = 0
    with tqdm(total=len(matrix.films), unit="film", disable=None, file=sys.stderr) as bar:
        for rows in kept_rows(fitted, per_film):
            if not dry_run:
                storing.write_neighbours(model, rows, matrix.films)
            written += len(rows)
            bar.update(min(BLOCK, bar.total - bar.n))
    model.summary = {
        "films": len(matrix.films),
        "users": matrix.X.shape[0],
        "interactions": matrix.interactions,
        "rows": written,
        "seconds": round((timezone.now() - begun).total_seconds(), 1),
        "public_set": public_set,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if not dry_run:
        storing.activate(model)
        storing.remove_others()
        storing.tidy()
    return model.summary
