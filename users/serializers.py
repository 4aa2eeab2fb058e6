"""What the account endpoints take and answer."""

import unicodedata

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_yasg.utils import swagger_serializer_method
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from movies.genres import ENGLISH_GENRES
from movies.parameters import LanguageField, RegionField

from .lists.reading import counts
from .models import User

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


class GenreIdsField(serializers.Field):
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


class CountsSerializer(serializers.Serializer):
    favorites = serializers.IntegerField()
    watchlist = serializers.IntegerField()
    watched = serializers.IntegerField()
    ratings = serializers.IntegerField()
    hidden = serializers.IntegerField()


class UserProfileSerializer(serializers.Serializer):
    username = UsernameField()
    email = serializers.EmailField(max_length=254)
    first_name = NameField()
    last_name = NameField()
    language = LanguageField(required=False, allow_null=True)
    region = RegionField(required=False, allow_null=True)
    favorite_genres = GenreIdsField(required=False)
    date_joined = serializers.DateTimeField(read_only=True)
    counts = serializers.SerializerMethodField(help_text="Films on each list.")

    @swagger_serializer_method(CountsSerializer)
    def get_counts(self, user: User) -> dict[str, int]:
        return counts(user)


class UserProfileChangeSerializer(UserProfileSerializer):
    """The profile as it is sent: any of its fields, and the password where it is needed."""

    username = UsernameField(required=False)
    email = serializers.EmailField(max_length=254, required=False)
    password = PasswordField(
        required=False, help_text="Needed for a new `username` or `email` only."
    )
    date_joined = None
    counts = None


class UserRegistrationSerializer(serializers.Serializer):
    username = UsernameField()
    email = serializers.EmailField(max_length=254)
    password = PasswordField()


class UserLoginSerializer(serializers.Serializer):
    username = serializers.CharField(
        max_length=254, help_text="Or the e-mail address, in any case."
    )
    password = PasswordField()


class TokenPairSerializer(serializers.Serializer):
    access = serializers.CharField(help_text="For `Authorization: Bearer`; short-lived.")
    refresh = serializers.CharField(help_text="For new tokens, once.")


class SessionSerializer(TokenPairSerializer):
    user = UserProfileSerializer()


class TokenRefreshSerializer(serializers.Serializer):
    refresh = TokenField()


class TokenVerifySerializer(serializers.Serializer):
    token = TokenField(help_text="An access or a refresh token.")


class LogoutSerializer(serializers.Serializer):
    refresh = TokenField(required=False, help_text="The session to end.")
    everywhere = serializers.BooleanField(
        default=False, help_text="End all sessions of the user whose access token is sent."
    )

    def validate(self, attrs):
        if not attrs["everywhere"] and "refresh" not in attrs:
            raise serializers.ValidationError({"refresh": ["This field is required."]}, "required")
        return attrs


class PasswordChangeSerializer(serializers.Serializer):
    old_password = PasswordField()
    new_password = PasswordField()


class PasswordResetSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)


class PasswordResetConfirmSerializer(serializers.Serializer):
    uid = serializers.CharField(max_length=64)
    token = serializers.CharField(max_length=128)
    new_password = PasswordField()


class PasswordSerializer(serializers.Serializer):
    password = PasswordField()


class MessageSerializer(serializers.Serializer):
    detail = serializers.CharField()


class EmptySerializer(serializers.Serializer):
    """`{}`: the status says it all."""


class BlacklistedTokenSerializer(serializers.Serializer):
    jti = serializers.CharField()
    reason = serializers.CharField()
    blacklisted_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ExportedUserSerializer(UserProfileSerializer):
    id = serializers.IntegerField()
    last_login = serializers.DateTimeField(allow_null=True)
    is_active = serializers.BooleanField()
    is_staff = serializers.BooleanField()
    is_superuser = serializers.BooleanField()
    token_version = serializers.IntegerField()
    blacklisted_tokens = BlacklistedTokenSerializer(many=True, source="blacklisted_tokens.all")


class ExportedEntrySerializer(serializers.Serializer):
    movie_id = serializers.IntegerField()
    title = serializers.CharField()
    added_at = serializers.DateTimeField()


class ExportedWatchedSerializer(ExportedEntrySerializer):
    watched_on = serializers.DateField(allow_null=True)
    plays = serializers.IntegerField()


class ExportedRatingSerializer(ExportedEntrySerializer):
    rating = serializers.IntegerField()


class ExportSerializer(serializers.Serializer):
    """Documents what `export` writes."""

    user = ExportedUserSerializer()
    favorites = ExportedEntrySerializer(many=True)
    watchlist = ExportedEntrySerializer(many=True)
    watched = ExportedWatchedSerializer(many=True)
    ratings = ExportedRatingSerializer(many=True)
    hidden = ExportedEntrySerializer(many=True)
