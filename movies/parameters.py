"""The catalogue's query parameters: one serializer an operation.

They are the one table of accepted names; validation and the documentation are made from it. A
wrong value is refused with the parameter's name, never clamped; other names are ignored.
"""

import re

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from .services.mapping.values import LARGEST_ID

LAST_PAGE = 500  # TMDb's own limit
FIRST_YEAR, LAST_YEAR = 1870, 2100
LONGEST_RUNTIME = 100_000  # minutes; TMDb has films of more than a month
MOST_VOTES = 2**31 - 1
MOST_GENRES = 20

LANGUAGE = re.compile(r"([a-z]{2})(?:-([a-z]{2}))?", re.ASCII | re.IGNORECASE)
REGION = re.compile(r"[a-z]{2}", re.ASCII | re.IGNORECASE)


MOVIE_ID = r"[1-9][0-9]{0,9}"  # in a path


def movie_id_of(raw: str) -> int:
    """Return a path's id, which MOVIE_ID matches; raise NotFound for one beyond TMDb's."""
    if int(raw) > LARGEST_ID:
        raise NotFound
    return int(raw)


class WholeNumberField(serializers.IntegerField):
    """A number in plain digits: not 1e3, 1_000, +1, 1.0 or digits of other scripts."""

    def to_internal_value(self, data):
        if not re.fullmatch(r"-?[0-9]{1,12}", str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class RatingField(serializers.FloatField):
    """A rating from 0 to 10 in plain decimals: neither nan nor inf."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=10, **kwargs)

    def to_internal_value(self, data):
        if not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class LanguageField(serializers.CharField):
    """`xx` or `xx-YY` in any case, returned as TMDb writes it."""

    default_error_messages = {"invalid_language": "A language looks like en or en-US."}

    def to_internal_value(self, data):
        match = LANGUAGE.fullmatch(super().to_internal_value(data))
        if not match:
            self.fail("invalid_language")
        language, country = match.groups()
        return language.lower() + (f"-{country.upper()}" if country else "")


class RegionField(serializers.CharField):
    """Two letters in any case, returned in capitals."""

    default_error_messages = {"invalid_region": "A region has two letters, such as US."}

    def to_internal_value(self, data):
        if not REGION.fullmatch(super().to_internal_value(data)):
            self.fail("invalid_region")
        return data.strip().upper()


class GenreIdsField(serializers.CharField):
    """A comma list of genre ids, returned sorted and without repetitions."""

    default_error_messages = {
        "invalid_ids": f"Up to {MOST_GENRES} genre ids, separated by commas.",
    }

    def to_internal_value(self, data):
        parts = [part.strip() for part in super().to_internal_value(data).split(",")]
        usable = all(re.fullmatch(r"[1-9][0-9]{0,6}", part) for part in parts)
        if not usable or len(parts) > MOST_GENRES:
            self.fail("invalid_ids")
        return sorted({int(part) for part in parts})


class LanguageParameters(serializers.Serializer):
    language = LanguageField(
        default=settings.TMDB_LANGUAGE, help_text="`xx` or `xx-YY`, in any case."
    )


class PageParameters(LanguageParameters):
    page = WholeNumberField(
        default=1, min_value=1, max_value=LAST_PAGE, help_text="20 films a page."
    )


class TrendingParameters(PageParameters):
    window = serializers.ChoiceField(
        ["day", "week"], default="week", help_text="The time looked back on."
    )


class ChartParameters(PageParameters):
    region = RegionField(
        required=False, help_text="Two letters; shows and matches that country's release dates."
    )


class SearchParameters(PageParameters):
    query = serializers.CharField(
        max_length=200, help_text="Any title the film is known by, whole or in part."
    )
    year = WholeNumberField(
        required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text="Year of release."
    )
    include_adult = serializers.BooleanField(
        default=False, help_text="Whether adult films may be found too."
    )

    def validate_query(self, value: str) -> str:
        # As it is kept, so it is asked: what one visitor asks answers the others.
        query = " ".join(value.split())
        if not query:
            raise serializers.ValidationError("This field may not be blank.", "blank")
        return query


class DiscoverParameters(ChartParameters):
    genres = GenreIdsField(required=False, help_text="Genre ids; a film must have all of them.")
    exclude_genres = GenreIdsField(
        required=False, help_text="Genre ids; a film must have none of them."
    )
    year = WholeNumberField(
        required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text="Year of release."
    )
    released_after = serializers.DateField(required=False, help_text="From this day on.")
    released_before = serializers.DateField(required=False, help_text="Up to this day.")
    min_rating = RatingField(required=False, help_text="Lowest `vote_average`.")
    min_votes = WholeNumberField(
        required=False,
        min_value=0,
        max_value=MOST_VOTES,
        help_text="Lowest `vote_count`; 200 if not given and sorted by rating.",
    )
    min_runtime = WholeNumberField(
        required=False, min_value=0, max_value=LONGEST_RUNTIME, help_text="Minutes."
    )
    max_runtime = WholeNumberField(
        required=False, min_value=0, max_value=LONGEST_RUNTIME, help_text="Minutes."
    )
    original_language = serializers.RegexField(
        r"^[a-zA-Z]{2}$", required=False, help_text="Two letters, without a country."
    )
    sort = serializers.ChoiceField(
        [
            f"{sign}{order}"
            for order in ("popularity", "rating", "release_date", "votes")
            for sign in ("", "-")
        ],
        default="-popularity",
        help_text="A leading `-` sorts descending.",
    )

    def validate_original_language(self, value: str) -> str:
        return value.lower()


class DetailParameters(LanguageParameters):
    region = RegionField(
        default=settings.TMDB_REGION,
        help_text="Two letters; whose certification and watch providers are given.",
    )
