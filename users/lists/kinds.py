"""The table of lists: all that differs between them."""

from dataclasses import dataclass

from rest_framework.serializers import Serializer

from users.models import Entry, FavoriteMovie, HiddenMovie, Rating, WatchedMovie, Watchlist

from .fields import NoFields, RatingFields, RatingStatus, WatchedFields, WatchedStatus

MOST_ENTRIES = 50_000


@dataclass(frozen=True)
class ListKind:
    """A list: its name in paths and in the export, what people call it, and its rows.

    `flag` is how an answer says whether a film is on it: true or false; with `flag_column`, the
    value of that column or null. `fields` are the columns of its own in bodies and entries,
    `required` those that a new entry must have, `status` all of them for a film that may not be
    on it. A new entry takes the film off the list `takes_off`.
    """

    name: str
    title: str
    model: type[Entry]
    flag: str
    flag_column: str | None = None
    fields: type[Serializer] = NoFields
    required: tuple[str, ...] = ()
    status: type[Serializer] = NoFields
    takes_off: type[Entry] | None = None

    @property
    def columns(self) -> list[str]:
        return list(self.fields().fields)


LISTS = {
    kind.name: kind
    for kind in (
        ListKind("favorites", "favorites", FavoriteMovie, "is_favorite"),
        ListKind("watchlist", "watchlist", Watchlist, "in_watchlist"),
        ListKind(
            "watched",
            "watched films",
            WatchedMovie,
            "is_watched",
            fields=WatchedFields,
            status=WatchedStatus,
            takes_off=Watchlist,
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
        ListKind("hidden", "hidden films", HiddenMovie, "is_hidden"),
    )
}
