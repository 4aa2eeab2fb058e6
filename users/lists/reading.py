"""Read the lists. Each function takes a constant number of queries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

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

# Written by hand, because the ORM takes longer to build these queries than the database to answer.
LIBRARY = " UNION ALL ".join(
    f"SELECT movie_id, '{kind.name}', {kind.flag_column or 1} FROM {kind.model._meta.db_table}"
    " WHERE user_id = %s AND movie_id IN ({0})"
    for kind in LISTS.values()
)
COUNTS = "SELECT " + ", ".join(
    f"(SELECT COUNT(*) FROM {kind.model._meta.db_table} WHERE user_id = %s)"
    for kind in LISTS.values()
)


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
    absent: dict[str, bool | int | None] = {
        kind.flag: None if kind.flag_column else False for kind in LISTS.values()
    }
    movies = {movie_id: dict(absent) for movie_id in movie_ids}
    placeholders = ", ".join("%s" for _ in movie_ids)
    with connection.cursor() as cursor:
        cursor.execute(LIBRARY.format(placeholders), [user.pk, *movie_ids] * len(LISTS))
        for movie_id, name, value in cursor.fetchall():
            kind = LISTS[name]
            movies[movie_id][kind.flag] = value if kind.flag_column else True
    return {str(movie_id): flags for movie_id, flags in movies.items()}


def counts(user: User) -> dict[str, int]:
    """Return the number of movies on each list, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [user.pk] * len(LISTS))
        return dict(zip(LISTS, cursor.fetchone()))


def exported(kind: ListKind, user: User) -> Iterator[list[dict[str, Any]]]:
    """Yield the entries of a list for the export, newest first, in chunks of EXPORT_CHUNK."""
    newest = added(descending=True)
    rows = kind.model.objects.filter(user=user).annotate(title=F("movie__title"))
    rows = newest.order(rows, backwards=False)
    rows = rows.values("movie_id", "title", "added_at", *kind.columns)
    chunk = list(rows[:EXPORT_CHUNK])
    while chunk:
        yield chunk
        last = chunk[-1]
        after = newest.beyond(rows, last["added_at"], last["movie_id"], backwards=False)
        chunk = list(after[:EXPORT_CHUNK])
