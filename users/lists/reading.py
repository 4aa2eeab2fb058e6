"""What the lists hold, each question in a constant number of queries."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import (
    Count,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from movie_recommendation_backend.http.pagination import Keyset
from movies.models import Movie, MovieGenre
from movies.text import fold
from users.models import Entry, User

from .kinds import LISTS, ListKind

EXPORT_CHUNK = 2000

# Sort names: column, whether it can be null, and how it is read back from a cursor.
ORDERS = {
    "added_at": ("added_at", False, datetime.fromisoformat),
    "title": ("movie__folded_title", False, str),
    "release_date": ("movie__release_date", True, date.fromisoformat),
    "rating": ("movie__vote_average", True, float),
}


def keyset(sort: str) -> Keyset:
    column, nullable, parse = ORDERS[sort.removeprefix("-")]
    return Keyset(column, "movie_id", sort.startswith("-"), nullable, parse)


def entries(
    kind: ListKind,
    user: User,
    *,
    genres: list[int] = (),
    year: int | None = None,
    query: str | None = None,
) -> QuerySet[Entry]:
    """Return the entries of a list, with what a MovieSummary takes."""
    found = kind.model.objects.filter(user=user)
    for genre in genres:
        found = found.filter(movie__movie_genres__genre=genre)
    if year is not None:
        found = found.filter(movie__release_date__year=year)
    if query is not None:
        found = found.filter(movie__folded_title__contains=fold(query))
    return found.select_related("movie").defer("movie__details").prefetch_related(named_genres())


def with_film(entry: Entry) -> Entry:
    """Return an entry that was just written with what a MovieSummary takes."""
    film = Prefetch("movie", Movie.objects.defer("details"))
    prefetch_related_objects([entry], film, named_genres())
    return entry


def named_genres() -> Prefetch:
    return Prefetch("movie__movie_genres", MovieGenre.objects.select_related("genre"))


def status(kind: ListKind, user: User, movie_id: int) -> dict:
    """Say whether a film is on a list, and what the list knows of it."""
    columns = ["added_at", *kind.columns]
    row = kind.model.objects.filter(user=user, movie_id=movie_id).values(*columns).first()
    flag = {} if kind.flag_column else {kind.flag: row is not None}
    return {"movie_id": movie_id} | flag | (row or dict.fromkeys(columns))


def library(user: User, movie_ids: list[int]) -> dict[str, dict]:
    """Say for each film which lists it is on, in one query."""

    def rows(kind: ListKind) -> QuerySet:
        # A number for each row: PostgreSQL's UNION takes no column that is null in one part.
        value = F(kind.flag_column) if kind.flag_column else Value(1)
        mine = kind.model.objects.filter(user=user, movie_id__in=movie_ids).order_by()
        return mine.values_list("movie_id", Value(kind.name), value)

    absent = {kind.flag: None if kind.flag_column else False for kind in LISTS.values()}
    films = {movie_id: dict(absent) for movie_id in movie_ids}
    first, *others = map(rows, LISTS.values())
    for movie_id, name, value in first.union(*others, all=True):
        kind = LISTS[name]
        films[movie_id][kind.flag] = value if kind.flag_column else True
    return {str(movie_id): film for movie_id, film in films.items()}


def counts(user: User) -> dict[str, int]:
    """Return how many films are on each list, in one query."""

    def count(kind: ListKind) -> Subquery:
        mine = kind.model.objects.filter(user=OuterRef("pk")).order_by().values("user")
        return Coalesce(Subquery(mine.annotate(n=Count("*")).values("n")), 0)

    found = User.objects.filter(pk=user.pk).values_list(*map(count, LISTS.values())).first()
    return dict(zip(LISTS, found or [0] * len(LISTS)))


def exported(kind: ListKind, user: User) -> Iterator[list[dict]]:
    """Yield a list's entries for the export, in chunks."""
    columns = ["movie_id", "title", "added_at", *kind.columns]
    rows = kind.model.objects.filter(user=user).annotate(title=F("movie__title"))
    rows = rows.order_by("movie_id").values(*columns)
    last = 0
    while chunk := list(rows.filter(movie_id__gt=last)[:EXPORT_CHUNK]):
        yield chunk
        last = chunk[-1]["movie_id"]
