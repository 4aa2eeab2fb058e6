"""Read the lists. Each function takes a constant number of queries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from movie_recommendation_backend.http.pagination import Keyset
from movies.models import (
    LAST_DATES,
    LAST_RATINGS,
    SORTED_LETTERS,
    known_or,
    title_key,
)
from movies.store.reading import summaries
from movies.text import fold
from users.models import Entry, User

from .kinds import LISTS, ListKind

EXPORT_CHUNK = 2000


def added(descending: bool) -> Keyset:
    return Keyset("added_at", F("added_at"), "movie_id", descending, datetime.fromisoformat)


def title(descending: bool) -> Keyset:
    column = "movie__folded_title"
    return Keyset(
        column, title_key(column), "movie_id", descending, lambda value: value[:SORTED_LETTERS]
    )


def nulls_last(
    column: str, lasts: Sequence[Any], parse: Callable[[Any], Any]
) -> Callable[[bool], Keyset]:
    """Return the order by a column that can be null, which is replaced by one of `lasts`."""

    def keyset(descending: bool) -> Keyset:
        last = lasts[descending]

        def value(raw: Any) -> Any:
            return last if raw is None else parse(raw)

        return Keyset(column, known_or(last, column), "movie_id", descending, value)

    return keyset


# The order of each name, ascending or descending. All have an index: their own, or one of Movie.
ORDERS: dict[str, Callable[[bool], Keyset]] = {
    "added_at": added,
    "title": title,
    "release_date": nulls_last("movie__release_date", LAST_DATES, date.fromisoformat),
    "rating": nulls_last("movie__vote_average", LAST_RATINGS, float),
}


def keyset(sort: str) -> Keyset:
    """Return the order for a name in ORDERS, descending with a leading `-`."""
    return ORDERS[sort.removeprefix("-")](sort.startswith("-"))


def entries(
    kind: ListKind,
    user: User,
    *,
    genres: Iterable[int] = (),
    year: int | None = None,
    query: str | None = None,
) -> QuerySet[Entry]:
    """Return the entries of a list, with the rows of their movies.

    Their movies have all of `genres`, were released in `year`, and have `query` in their title.
    """
    found = kind.model.objects.filter(user=user)
    for genre in genres:
        found = found.filter(movie__movie_genres__genre=genre)
    if year is not None:
        # The expression of an index, unlike the bare column.
        released = known_or(LAST_DATES[0], "movie__release_date")
        found = found.alias(released=released).filter(
            released__gte=date(year, 1, 1), released__lte=date(year, 12, 31)
        )
    if query is not None:
        found = found.filter(movie__folded_title__contains=fold(query))
    return found.select_related("movie").defer("movie__details")


def bodies(kind: ListKind, entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the entries as the API shows them (see EntrySerializer), in one query."""
    movies = summaries(entry.movie for entry in entries)
    columns = kind.columns
    return [
        {"movie": movie, "added_at": entry.added_at}
        | {column: getattr(entry, column) for column in columns}
        for entry, movie in zip(entries, movies)
    ]


def status(kind: ListKind, user: User, movie_id: int) -> dict[str, Any]:
    """Return whether a movie is on the list, and its entry's columns, or None for each."""
    columns = ["added_at", *kind.columns]
    row = kind.model.objects.filter(user=user, movie_id=movie_id).values(*columns).first()
    flag = {} if kind.flag_column else {kind.flag: row is not None}
    return {"movie_id": movie_id} | flag | (row or dict.fromkeys(columns))


def library(user: User, movie_ids: list[int]) -> dict[str, dict[str, bool | int | None]]:
    """Return the flags of each movie by its id (as text), in one query."""

    def rows(kind: ListKind) -> QuerySet:
        # A number, not null: PostgreSQL's UNION requires columns of the same type in all parts.
        value = F(kind.flag_column) if kind.flag_column else Value(1)
        mine = kind.model.objects.filter(user=user, movie_id__in=movie_ids).order_by()
        return mine.values_list("movie_id", Value(kind.name), value)

    absent: dict[str, bool | int | None] = {
        kind.flag: None if kind.flag_column else False for kind in LISTS.values()
    }
    movies = {movie_id: dict(absent) for movie_id in movie_ids}
    first, *others = map(rows, LISTS.values())
    for movie_id, name, value in first.union(*others, all=True):
        kind = LISTS[name]
        movies[movie_id][kind.flag] = value if kind.flag_column else True
    return {str(movie_id): flags for movie_id, flags in movies.items()}


def counts(user: User) -> dict[str, int]:
    """Return the number of movies on each list, in one query."""

    def count(kind: ListKind) -> Coalesce:
        mine = kind.model.objects.filter(user=OuterRef("pk")).order_by().values("user")
        return Coalesce(Subquery(mine.annotate(n=Count("*")).values("n")), 0)

    found = User.objects.filter(pk=user.pk).values_list(*map(count, LISTS.values())).first()
    return dict(zip(LISTS, found or [0] * len(LISTS)))


def exported(kind: ListKind, user: User) -> Iterator[dict[str, Any]]:
    """Yield the entries of a list for the export, in one query, without holding them all."""
    columns = ["movie_id", "title", "added_at", *kind.columns]
    rows = kind.model.objects.filter(user=user).annotate(title=F("movie__title"))
    return rows.order_by("movie_id").values(*columns).iterator(EXPORT_CHUNK)
