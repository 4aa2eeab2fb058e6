"""What stands in the bodies of the lists: single values, and the columns of a list's own."""

import re

from django.utils import timezone
from rest_framework import serializers

from movies.tmdb import LARGEST_ID

MOST_PLAYS = 2**31 - 1
# Of all that ISO 8601 allows, what RFC 3339 does; without a zone it is UTC.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
MOVIE_ID = re.compile(r"[1-9][0-9]{0,9}")


class JSONWholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction: not true, "603" or 603.0."""

    def to_internal_value(self, data):
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class MovieIdField(JSONWholeNumberField):
    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class PastDateTimeField(serializers.DateTimeField):
    default_error_messages = {"future": "This lies in the future."}

    def to_internal_value(self, value):
        if not (isinstance(value, str) and MOMENT.fullmatch(value)):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss[.uuuuuu]Z")
        moment = super().to_internal_value(value)
        if moment > timezone.now():
            self.fail("future")
        return moment


class MovieIdsField(serializers.CharField):
    """A comma list of film ids."""

    MOST = 100
    default_error_messages = {"invalid_ids": f"1 to {MOST} film ids, separated by commas."}

    def to_internal_value(self, data):
        parts = [part.strip() for part in super().to_internal_value(data).split(",")]
        if len(parts) > self.MOST or not all(is_movie_id(part) for part in parts):
            self.fail("invalid_ids")
        return list(dict.fromkeys(map(int, parts)))


def is_movie_id(raw: str) -> bool:
    return bool(MOVIE_ID.fullmatch(raw)) and int(raw) <= LARGEST_ID


class NoFields(serializers.Serializer):
    """A list that knows no more than that a film is on it."""


class WatchedFields(serializers.Serializer):
    watched_on = serializers.DateField(required=False, allow_null=True)
    plays = JSONWholeNumberField(required=False, min_value=1, max_value=MOST_PLAYS)


class WatchedStatus(serializers.Serializer):
    watched_on = serializers.DateField(allow_null=True)
    plays = serializers.IntegerField(allow_null=True)


class RatingFields(serializers.Serializer):
    rating = JSONWholeNumberField(required=False, min_value=1, max_value=10)


class RatingStatus(serializers.Serializer):
    rating = serializers.IntegerField(allow_null=True)
