"""Requests and responses of the account endpoints."""

from typing import Any

from drf_yasg.utils import swagger_serializer_method
from rest_framework import serializers

from movies.parameter_fields import LanguageField, RegionField
from users.lists.reading import counts
from users.lists.serializers import CountsSerializer
from users.models import User

from .fields import FavoriteGenresField, NameField, PasswordField, TokenField, UsernameField


class UserProfileSerializer(serializers.Serializer):
    username = UsernameField()
    email = serializers.EmailField(max_length=254)
    first_name = NameField()
    last_name = NameField()
    language = LanguageField(required=False, allow_null=True)
    region = RegionField(required=False, allow_null=True)
    favorite_genres = FavoriteGenresField(required=False)
    date_joined = serializers.DateTimeField(read_only=True)
    counts = serializers.SerializerMethodField(help_text="The number of movies on each list.")

    @swagger_serializer_method(CountsSerializer)
    def get_counts(self, user: User) -> dict[str, int]:
        return counts(user)


class UserProfileChangeSerializer(UserProfileSerializer):
    """Any fields of the profile, and the password if it is required."""

    username = UsernameField(required=False)
    email = serializers.EmailField(max_length=254, required=False)
    password = PasswordField(required=False, help_text="Required for a new `username` or `email`.")
    # None removes an inherited field.
    date_joined = None  # type: ignore[assignment]
    counts = None  # type: ignore[assignment]


class UserRegistrationSerializer(serializers.Serializer):
    username = UsernameField()
    email = serializers.EmailField(max_length=254)
    password = PasswordField()


class UserLoginSerializer(serializers.Serializer):
    username = serializers.CharField(
        max_length=254, help_text="The username or email address. Case is ignored."
    )
    password = PasswordField()


class TokenPairSerializer(serializers.Serializer):
    access = serializers.CharField(help_text="For `Authorization: Bearer`. Short-lived.")
    refresh = serializers.CharField(help_text="Works once: exchange it for new tokens.")


class SessionSerializer(TokenPairSerializer):
    user = UserProfileSerializer()


class TokenRefreshSerializer(serializers.Serializer):
    refresh = TokenField()


class TokenVerifySerializer(serializers.Serializer):
    token = TokenField(help_text="An access or a refresh token.")


class LogoutSerializer(serializers.Serializer):
    refresh = TokenField(required=False, help_text="The session to end.")
    everywhere = serializers.BooleanField(
        default=False, help_text="End all sessions of the access token's user."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
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
    """`{}`: the status is the answer."""
