"""Fields of query parameters. Each has one value. Invalid values are rejected, never clamped."""

import re
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound

from .tmdb import LARGEST_ID

FIRST_YEAR, LAST_YEAR = 1870, 2100
LONGEST_RUNTIME = 100_000  # minutes; TMDb has movies that run for more than a month
MOST_VOTES = 2**31 - 1
MOST_GENRES = 20
LONGEST_QUERY = 200

LANGUAGE = re.compile(r"([a-z]{2})(?:-([a-z]{2}))?", re.ASCII | re.IGNORECASE)
REGION = re.compile(r"[a-z]{2}", re.ASCII | re.IGNORECASE)


MOVIE_ID = r"[1-9][0-9]{0,9}"  # in a path


def movie_id_of(raw: str) -> int:
    """Return the id in a path, which matches MOVIE_ID. Raises NotFound if it is too large."""
    if int(raw) > LARGEST_ID:
        raise NotFound
    return int(raw)


class WholeNumberField(serializers.IntegerField):
    """A number in plain digits: not 1e3, 1_000, +1, 1.0 or digits of other scripts."""

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class RatingField(serializers.FloatField):
    """A rating from 0 to 10 in plain decimals: neither nan nor inf."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=10, **kwargs)

    def to_internal_value(self, data: Any) -> float:
        if not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class LanguageField(serializers.CharField):
    """`xx` or `xx-YY`, ignoring case. The value is spelled as TMDb spells it."""

    default_error_messages = {"invalid_language": "Enter a language such as en or en-US."}

    def to_internal_value(self, data: Any) -> str:
        match = LANGUAGE.fullmatch(super().to_internal_value(data))
        if not match:
            self.fail("invalid_language")
        language, country = match.groups()
        return language.lower() + (f"-{country.upper()}" if country else "")


class LanguageCodeField(serializers.RegexField):
    """A two-letter language code, ignoring case. The value is in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[a-zA-Z]{2}$", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).lower()


class RegionField(serializers.CharField):
    """A two-letter country code, ignoring case. The value is in upper case."""

    default_error_messages = {"invalid_region": "A region has two letters, such as US."}

    def to_internal_value(self, data: Any) -> str:
        if not REGION.fullmatch(super().to_internal_value(data)):
            self.fail("invalid_region")
        return data.strip().upper()


class QueryField(serializers.CharField):
    """A search text, returned with its white space collapsed.

    The same text is sent to TMDb and used in the cache key, so one visitor's answer serves others.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_QUERY, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> str:
        query = " ".join(super().run_validation(data).split())
        if not query:
            self.fail("blank")
        return query


class GenreIdsField(serializers.CharField):
    """A comma-separated list of genre ids, returned sorted and without duplicates."""

    default_error_messages = {
        "invalid_ids": f"Enter 1 to {MOST_GENRES} genre ids, separated by commas.",
    }

    def to_internal_value(self, data: Any) -> list[int]:  # type: ignore[override]
        parts = [part.strip() for part in super().to_internal_value(data).split(",")]
        usable = all(re.fullmatch(r"[1-9][0-9]{0,6}", part) for part in parts)
        if not usable or len(parts) > MOST_GENRES:
            self.fail("invalid_ids")
        return sorted({int(part) for part in parts})
