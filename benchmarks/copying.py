"""Fill tables of PostgreSQL quickly: COPY first, indexes afterwards."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection

# The binary format's kinds of values: the bytes of each.
BINARY = {"bigint": ">i8", "integer": ">i4", "smallint": ">i2"}
CHUNK = 1_000_000
NULL = r"\N"


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Drop a table's indexes and constraints, except for its primary key, and restore them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('u', 'f')",
            [table],
        )
        constraints = cursor.fetchall()
        for name, _ in constraints:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT indisprimary",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for name, definition in constraints:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def copy_rows(table: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Insert rows; None is null."""
    for some in batched(rows, 10_000):
        text = io.StringIO()
        csv.writer(text).writerows([NULL if each is None else each for each in row] for row in some)
        _copy(table, columns, f"FORMAT csv, NULL '{NULL}'", text)


def copy_arrays(table: str, arrays: Mapping[str, tuple[str, np.ndarray]]) -> None:
    """Insert one row for each position of the arrays: column names to kinds and values.

    The rows are written in PostgreSQL's binary format, because numpy can make it in one step.
    """
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for column, (kind, _) in arrays.items():
        fields += [(f"{column} length", ">i4"), (column, BINARY[kind])]
    total = len(next(iter(arrays.values()))[1])
    for start in range(0, total, CHUNK):
        rows = np.empty(min(CHUNK, total - start), dtype=fields)
        rows["fields"] = len(arrays)
        for column, (kind, values) in arrays.items():
            rows[f"{column} length"] = np.dtype(BINARY[kind]).itemsize
            rows[column] = values[start : start + CHUNK]
        data = b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"
        _copy(table, arrays, "FORMAT binary", io.BytesIO(data))


def _copy(table: str, columns: Iterable[str], options: str, file: Any) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    file.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN ({options})', file)


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while some := list(islice(remaining, size)):
        yield some
