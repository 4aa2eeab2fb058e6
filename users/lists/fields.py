"""Single values in the bodies of the lists."""

from django.utils import timezone
from rest_framework import serializers

from movies.services.fields import LARGEST_ID


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
        moment = super().to_internal_value(value)
        if moment > timezone.now():
            self.fail("future")
        return moment


class MovieIdsField(serializers.CharField):
    """A comma list of film ids."""

    MOST = 100
    default_error_messages = {"invalid_ids": f"1 to {MOST} film ids, separated by commas."}

    def to_internal_value(self, data):
        parts = super().to_internal_value(data).split(",")
        if len(parts) > self.MOST or not all(is_movie_id(part.strip()) for part in parts):
            self.fail("invalid_ids")
        return list(dict.fromkeys(int(part) for part in parts))


def is_movie_id(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) <= 10 and 1 <= int(raw) <= LARGEST_ID
