"""The table of lists: all that differs between them."""

from dataclasses import dataclass

from rest_framework import serializers

from users.models import Entry, FavoriteMovie, HiddenMovie, Rating, WatchedMovie, Watchlist

from .fields import JSONWholeNumberField

MOST_PLAYS = 2**31 - 1
MOST_ENTRIES = 50_000


class NoFields(serializers.Serializer):
    """A list that knows no more than that a film is on it."""


class WatchedFields(serializers.Serializer):
    watched_on = serializers.DateField(required=False, allow_null=True)
    plays = JSONWholeNumberField(required=False, min_value=1, max_value=MOST_PLAYS)


class WatchedStatus(serializers.Serializer):
    watched_on = serializers.DateField(allow_null=True)
    plays = serializers.IntegerField(allow_null=True)


class RatingFields(serializers.Serializer):
    rating = JSONWholeNumberField(min_value=1, max_value=10)


class RatingStatus(serializers.Serializer):
    rating = serializers.IntegerField(allow_null=True)


@dataclass(frozen=True)
class ListKind:
    """A list: its name in paths and in the export, what people call it, and its rows.

    `flag` is how an answer says whether a film is on it; the ratings say it by the rating, or
    null. `fields` are the columns of its own in bodies and entries, `status` the same ones for
    a film that may not be on it. A new entry takes the film off the list `takes_off`.
    """

    name: str
    title: str
    model: type[Entry]
    flag: str | None
    fields: type[serializers.Serializer] = NoFields
    status: type[serializers.Serializer] = NoFields
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
            WatchedFields,
            WatchedStatus,
            takes_off=Watchlist,
        ),
        ListKind("ratings", "ratings", Rating, None, RatingFields, RatingStatus),
        ListKind("hidden", "hidden films", HiddenMovie, "is_hidden"),
    )
}
