"""Keyset pagination: each row exactly once, in every order, in both directions.

DRF's CursorPagination loses rows with nulls, and never ends among more than a thousand equal
values. django-cursor-pagination compares numbers as text on SQLite.

Rows are ordered by an expression that is never null, then by a tie-breaker. Unknown values come
last in both directions if the expression replaces them by the highest or lowest value. A cursor
holds the values of the row at the edge of a page. It is signed: a cursor that is forged, or belongs
to another list or order, is rejected before it is parsed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


@dataclass(frozen=True)
class Keyset:
    """An order by `key`, then by `tie`. Neither is ever null.

    `key` is an expression of `column`, a path such as movie__title. Cursors hold the column's
    value; `parse` converts it from JSON to the value of the key.
    """

    column: str
    key: Combinable
    tie: str
    descending: bool
    parse: Callable[[Any], Any] = lambda value: value

    def order(self, rows: QuerySet, backwards: bool) -> QuerySet:
        sign = "-" if self.descending != backwards else ""
        return rows.alias(key=self.key).order_by(f"{sign}key", f"{sign}{self.tie}")

    def beyond(self, rows: QuerySet, value: Any, tie: int, backwards: bool) -> QuerySet:
        """Return the rows that come after this position, or before if `backwards`."""
        than = "lt" if self.descending != backwards else "gt"
        further = Q(**{f"key__{than}": value}) | Q(**{f"{self.tie}__{than}": tie})
        # The first condition lets the database start reading the index at this position.
        return rows.alias(key=self.key).filter(Q(**{f"key__{than}e": value}) & further)

    def position(self, row: Model) -> tuple[Any, int]:
        return _read(row, self.column), _read(row, self.tie)


@dataclass(frozen=True)
class Page:
    rows: list
    next: str | None
    previous: str | None


def paginate(
    rows: QuerySet,
    keyset: Keyset,
    request: Request,
    *,
    names: Collection[str],
    size: int,
    cursor: str | None,
    salt: str,
) -> Page:
    """Return a page of `rows`; `next` and `previous` are paths with a query, without a host.

    The links repeat the query parameters in `names`. `salt` identifies the list and the order that
    a cursor belongs to. Raise ValidationError on `cursor` if it is not valid.
    """
    parameters = {name: raw for name, raw in request.query_params.items() if name in names}

    def link(backwards: bool, value: Any, tie: int) -> str:
        cursor = signing.dumps([backwards, _json(value), tie], salt=salt, compress=True)
        return f"{request.path}?{urlencode(parameters | {'cursor': cursor})}"

    backwards = False
    if cursor is not None:
        try:
            backwards, value, tie = signing.loads(cursor, salt=salt)
        except signing.BadSignature:
            raise ValidationError(
                {"cursor": ["This cursor is invalid or belongs to another list or order."]}
            )
        rows = keyset.beyond(rows, keyset.parse(value), tie, backwards)
    found = list(keyset.order(rows, backwards)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()

    if not found:
        if cursor is None:
            return Page([], next=None, previous=None)
        # All rows of this page are gone. Link back, including the row that the cursor points at:
        # it was part of the page that led here.
        way_back = link(not backwards, value, tie + (1 if keyset.descending == backwards else -1))
        return Page([], *((way_back, None) if backwards else (None, way_back)))
    # There is always a page in the direction that the client came from.
    follows, precedes = (True, more) if backwards else (more, cursor is not None)
    return Page(
        found,
        next=link(False, *keyset.position(found[-1])) if follows else None,
        previous=link(True, *keyset.position(found[0])) if precedes else None,
    )


def _read(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
