"""Serializer fields of the account endpoints."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from movies.genres import ENGLISH_GENRES
from users.models import User

MAX_TOKEN_LENGTH = 4096


class UsernameField(serializers.CharField):
    """Normalizes to Unicode's NFKC form, so that names that look alike are equal."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            min_length=3,
            max_length=30,
            help_text="Letters of any script, digits, dots, hyphens and underscores.",
            **kwargs,
        )

    def to_internal_value(self, data: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_internal_value(data))

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        # Not one of `self.validators`: drf-yasg would describe it as a Python regex.
        try:
            User._meta.get_field("username").run_validators(value)
        except DjangoValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from None


class PasswordField(serializers.CharField):
    def __init__(self, **kwargs: Any):
        super().__init__(
            max_length=128,
            trim_whitespace=False,
            write_only=True,
            style={"input_type": "password"},
            **kwargs,
        )


class TokenField(serializers.CharField):
    def __init__(self, **kwargs: Any):
        super().__init__(max_length=MAX_TOKEN_LENGTH, **kwargs)


class NameField(serializers.CharField):
    """A first or last name. The column has "" where the API has null."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            max_length=150, required=False, allow_null=True, allow_blank=True, **kwargs
        )

    # CharField is declared to return a string, but a nullable one may return None.
    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value or None

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return super().validate_empty_values("" if data is None else data)


class FavoriteGenresField(serializers.Field):
    """A list of TMDb's genre ids, without duplicates."""

    default_error_messages = {
        "invalid_ids": "Must be a list of genre ids from /api/movies/genres/."
    }

    class Meta:
        swagger_schema_fields = {
            "type": "array",
            "items": {"type": "integer", "enum": sorted(ENGLISH_GENRES)},
        }

    def to_internal_value(self, data: Any) -> list[int]:
        if not isinstance(data, list) or not all(type(each) is int for each in data):
            self.fail("invalid_ids")
        if not ENGLISH_GENRES.keys() >= set(data):
            self.fail("invalid_ids")
        return list(dict.fromkeys(data))

    def to_representation(self, value: list[int]) -> list[int]:
        return value
