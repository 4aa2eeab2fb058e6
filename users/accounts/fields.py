"""Single values in the bodies of the account endpoints."""

import unicodedata

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from movies.genres import ENGLISH_GENRES
from users.models import User

LONGEST_TOKEN = 4096


class UsernameField(serializers.CharField):
    """In Unicode's NFKC form, so that no two names look alike only to us."""

    def __init__(self, **kwargs):
        super().__init__(
            min_length=3,
            max_length=30,
            help_text="Letters of any script, digits, dots, hyphens and underscores.",
            **kwargs,
        )

    def to_internal_value(self, data):
        return unicodedata.normalize("NFKC", super().to_internal_value(data))

    def run_validators(self, value):
        super().run_validators(value)
        # Not among the field's own: the description would show a pattern in Python's dialect.
        try:
            User._meta.get_field("username").run_validators(value)
        except DjangoValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from None


class PasswordField(serializers.CharField):
    def __init__(self, **kwargs):
        super().__init__(
            max_length=128,
            trim_whitespace=False,
            write_only=True,
            style={"input_type": "password"},
            **kwargs,
        )


class TokenField(serializers.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST_TOKEN, **kwargs)


class NameField(serializers.CharField):
    """A part of a person's name; null where it is not known."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=150, required=False, allow_null=True, allow_blank=True, **kwargs
        )

    def to_representation(self, value):
        return value or None

    def validate_empty_values(self, data):
        return super().validate_empty_values("" if data is None else data)


class FavoriteGenresField(serializers.Field):
    """A list of TMDb's genre ids, each once."""

    default_error_messages = {
        "invalid_ids": "A list of genre ids, as /api/movies/genres/ has them."
    }

    class Meta:
        swagger_schema_fields = {
            "type": "array",
            "items": {"type": "integer", "enum": sorted(ENGLISH_GENRES)},
        }

    def to_internal_value(self, data):
        if not isinstance(data, list) or not all(type(each) is int for each in data):
            self.fail("invalid_ids")
        if not ENGLISH_GENRES.keys() >= set(data):
            self.fail("invalid_ids")
        return list(dict.fromkeys(data))

    def to_representation(self, value):
        return value
