"""Serializer fields of the lists, and serializers of the columns that only some lists have."""

import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from movies.tmdb import LARGEST_ID

MAX_PLAYS = 2**31 - 1
# The formats that ISO 8601 and RFC 3339 have in common, with UTC as the default time zone.
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
MOVIE_ID = re.compile(r"[1-9][0-9]{0,9}")


class JSONWholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction: rejects true, "603" and 603.0."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class MovieIdField(JSONWholeNumberField):
    def __init__(self, **kwargs: Any):
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class PastDateTimeField(serializers.DateTimeField):
    default_error_messages = {"future": "This date is in the future."}

    def to_internal_value(self, value: Any) -> datetime:
        if not (isinstance(value, str) and DATE_TIME.fullmatch(value)):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss[.uuuuuu]Z")
        moment = super().to_internal_value(value)
        if moment > timezone.now():
            self.fail("future")
        return moment


class MovieIdsField(serializers.CharField):
    """A comma-separated list of movie ids. The value is a list of numbers, without duplicates."""

    MAX_IDS = 100
    default_error_messages = {
        "invalid_ids": f"Enter 1 to {MAX_IDS} movie ids, separated by commas."
    }

    # CharField is declared to return a string.
    def to_internal_value(self, data: Any) -> list[int]:  # type: ignore[override]
        parts = [part.strip() for part in super().to_internal_value(data).split(",")]
        if len(parts) > self.MAX_IDS or not all(is_movie_id(part) for part in parts):
            self.fail("invalid_ids")
        return list(dict.fromkeys(map(int, parts)))


def is_movie_id(raw: str) -> bool:
    return bool(MOVIE_ID.fullmatch(raw)) and int(raw) <= LARGEST_ID


class NoFields(serializers.Serializer):
    """For lists without columns of their own."""


class WatchedFields(serializers.Serializer):
    watched_on = serializers.DateField(required=False, allow_null=True)
    plays = JSONWholeNumberField(required=False, min_value=1, max_value=MAX_PLAYS)


class WatchedStatus(serializers.Serializer):
    watched_on = serializers.DateField(allow_null=True)
    plays = serializers.IntegerField(allow_null=True)


class RatingFields(serializers.Serializer):
    rating = JSONWholeNumberField(required=False, min_value=1, max_value=10)


class RatingStatus(serializers.Serializer):
    rating = serializers.IntegerField(allow_null=True)
