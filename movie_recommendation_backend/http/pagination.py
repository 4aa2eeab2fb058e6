"""Keyset pagination: each row exactly once, in every order, in both directions.

DRF's CursorPagination loses rows with nulls, and never ends among more than a thousand equal
values. django-cursor-pagination compares numbers as text on SQLite.

Rows are ordered by (value is null, value, tie-breaker), so unknown values come last in both
directions. A cursor holds the values of the row at the edge of a page. It is signed: a cursor
that is forged, or belongs to another list or order, is rejected before it is parsed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.core import signing
from django.db.models import F, Model, OrderBy, Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


class _Nulls(TypedDict, total=False):
    nulls_first: bool
    nulls_last: bool


@dataclass(frozen=True)
class Keyset:
    """An order by `column` (a path such as movie__title), then by `tie`, which is never null.

    `parse` converts a value of the column back from JSON. Nulls are placed explicitly only if the
    column is `nullable`: otherwise the database could not use the column's index.
    """

    column: str
    tie: str
    descending: bool
    nullable: bool = False
    parse: Callable[[Any], Any] = lambda value: value

    def order(self, backwards: bool) -> list[OrderBy]:
        nulls: _Nulls = {}
        if self.nullable:
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        if self.descending != backwards:
            return [F(self.column).desc(**nulls), F(self.tie).desc()]
        return [F(self.column).asc(**nulls), F(self.tie).asc()]

    def beyond(self, value: Any, tie: int, backwards: bool) -> Q:
        """Return the condition that a row comes after this position, or before if `backwards`."""
        than = "lt" if self.descending != backwards else "gt"
        further = Q(**{f"{self.tie}__{than}": tie})
        unknown = Q(**{f"{self.column}__isnull": True})
        if value is None:
            return unknown & further | ~unknown if backwards else unknown & further
        # Implied by the rest, but lets the database start reading the index at this position.
        reached = Q(**{f"{self.column}__{than}e": value})
        known = reached & (Q(**{f"{self.column}__{than}": value}) | further)
        return known | unknown if self.nullable and not backwards else known

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
        value = None if value is None else keyset.parse(value)
        rows = rows.filter(keyset.beyond(value, tie, backwards))
    found = list(rows.order_by(*keyset.order(backwards))[: size + 1])
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
