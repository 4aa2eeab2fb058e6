"""The table of the five lists, with everything in which they differ."""

from dataclasses import dataclass
from functools import cached_property

from rest_framework.serializers import Serializer

from users.models import Entry, FavoriteMovie, HiddenMovie, Rating, WatchedMovie, Watchlist

from .fields import NoFields, RatingFields, RatingStatus, WatchedFields, WatchedStatus

MAX_ENTRIES = 50_000


@dataclass(frozen=True)
class ListKind:
    """A list.

    `name` is used in paths and in the export, `title` in texts. `flag` is the key that says whether
    a movie is on the list: true or false, or with `flag_column` the value of that column or null.

    `fields` declares the list's own columns in requests and entries. Those in `required` must be
    given for a new entry. `status` declares the same columns for a movie that may not be on the
    list. A new entry removes the movie from the list `removes_from`.
    """

    name: str
    title: str
    model: type[Entry]
    flag: str
    flag_column: str | None = None
    fields: type[Serializer] = NoFields
    required: tuple[str, ...] = ()
    status: type[Serializer] = NoFields
    removes_from: type[Entry] | None = None

    @cached_property
    def columns(self) -> list[str]:
        return list(self.fields().get_fields())


LISTS = {
    kind.name: kind
    for kind in (
        ListKind("favorites", "favorites", FavoriteMovie, "is_favorite"),
        ListKind("watchlist", "watchlist", Watchlist, "in_watchlist"),
        ListKind(
            "watched",
            "watched movies",
            WatchedMovie,
            "is_watched",
            fields=WatchedFields,
            status=WatchedStatus,
            removes_from=Watchlist,
        ),
        ListKind(
            "ratings",
            "ratings",
            Rating,
            "rating",
            flag_column="rating",
            fields=RatingFields,
            required=("rating",),
            status=RatingStatus,
        ),
        ListKind("hidden", "hidden movies", HiddenMovie, "is_hidden"),
    )
}
