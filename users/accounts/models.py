"""Accounts, and refresh tokens that were revoked before they expired."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from .validators import validate_username

TAKEN = {
    "username": "This username is taken.",
    "email": "This e-mail address is taken.",
}


class UserManager(DjangoUserManager["User"]):
    use_in_migrations = False

    def matching(self, field: str, value: str) -> "models.QuerySet[User]":
        """Return the user with this `username` or `email`, ignoring case, via the unique index."""
        # The index excludes empty addresses, so the database uses it only if the query does too.
        users = self.exclude(email="") if field == "email" else self.all()
        return users.alias(folded=Lower(field)).filter(folded=Lower(Value(value)))

    def by_login(self, login: str) -> "User | None":
        """Return the user with this username, or with this email address if it has an @."""
        if "@" in login:
            return self.matching("email", login).first()
        return self.matching("username", unicodedata.normalize("NFKC", login)).first()


class User(AbstractUser):
    """An account. Usernames and email addresses are unique regardless of case."""

    username = models.CharField(max_length=30, unique=True, validators=[validate_username])
    email = models.EmailField(max_length=254, blank=True)
    # Preferences for the frontend. The favorite genres also seed recommendations of new users.
    language = models.CharField(max_length=5, null=True, blank=True)
    region = models.CharField(max_length=2, null=True, blank=True)
    favorite_genres = models.JSONField(default=list, blank=True)
    # Every token contains the version from its creation. Incrementing it ends all sessions.
    token_version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="unique_username_ignoring_case",
                violation_error_message=TAKEN["username"],
            ),
            models.UniqueConstraint(
                Lower("email"),
                # Administrators created on the command line may have no address.
                condition=~Q(email=""),
                name="unique_email_ignoring_case",
                violation_error_message=TAKEN["email"],
            ),
        ]
        # The order and the filters of the admin.
        indexes = [
            models.Index(fields=["date_joined", "id"], name="user_joined"),
            models.Index(fields=["date_joined"], condition=Q(is_staff=True), name="user_staff"),
            models.Index(
                fields=["date_joined"], condition=Q(is_active=False), name="user_inactive"
            ),
        ]

    # A change of one of these fields ends all sessions.
    SESSION_FIELDS = ("password", "is_active")

    @cached_property
    def _session_fields(self) -> dict[str, object]:
        """The values of SESSION_FIELDS in the database; those of deferred fields are missing."""
        return {}

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        user = super().from_db(*args, **kwargs)
        user._note_session_fields(cls.SESSION_FIELDS)
        return user

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save. A changed password or `is_active` ends all sessions, whoever saves it.

        Fields that did not change here are not written: neither a password nor a version that
        another request has changed in the meantime.
        """
        if self._state.adding:
            super().save(*args, **kwargs)
            self._note_session_fields(self.SESSION_FIELDS)
        else:
            self._save_changes(*args, **kwargs)

    def _save_changes(self, *args: Any, **kwargs: Any) -> None:
        changed = {
            name
            for name in self.SESSION_FIELDS
            # The field is loaded, and differs from what was read.
            if name in self.__dict__
            and (name, self.__dict__[name]) not in self._session_fields.items()
        }
        fields = kwargs.get("update_fields")
        if fields is None:
            fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            fields -= self.get_deferred_fields() | {"token_version"}
            if "password" not in changed:
                fields -= {"password"}
        ends_sessions = not changed.isdisjoint(fields)
        if ends_sessions:
            self.token_version = F("token_version") + 1
            fields = {*fields, "token_version"}
        super().save(*args, **kwargs | {"update_fields": fields})
        self._note_session_fields(fields)
        if ends_sessions:
            super().refresh_from_db(fields=["token_version"])

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Self] | None = None,
    ) -> None:
        # Django also loads a deferred field through this method.
        super().refresh_from_db(using, fields, from_queryset)
        self._note_session_fields(self.SESSION_FIELDS if fields is None else fields)

    def _note_session_fields(self, names: Iterable[str]) -> None:
        """Remember these fields as they are in the database now."""
        for name in names:
            if name in self.SESSION_FIELDS and name in self.__dict__:
                self._session_fields[name] = self.__dict__[name]

    def get_session_auth_hash(self) -> str:
        """Return the hash that the admin's sessions store, so that they end with all others."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None = None) -> str:
        value = f"{self.password} {self.token_version}"
        return salted_hmac("users.session", value, secret, algorithm="sha256").hexdigest()

    def check_password(self, raw_password: str | None) -> bool:
        """Check the password. Rehash it if the settings have changed, without ending sessions."""

        def rehash(raw: str) -> None:
            hashed = make_password(raw)
            User.objects.filter(pk=self.pk, password=self.password).update(password=hashed)
            self.password = hashed
            self._note_session_fields(["password"])

        return check_password(raw_password, self.password, rehash)

    def conflicts(self) -> dict[str, ValidationError]:
        """Return an error for each of username and email address that another user has."""
        return {
            field: ValidationError(message, "unique")
            for field, message in TAKEN.items()
            if getattr(self, field)
            and User.objects.matching(field, getattr(self, field)).exclude(pk=self.pk).exists()
        }


class BlacklistedToken(models.Model):
    """A refresh token that was revoked before it expired. The token itself is not stored.

    If a token is used concurrently, the unique `jti` lets one request succeed.
    """

    class Reason(models.TextChoices):
        ROTATED = "rotated"
        LOGGED_OUT = "logged_out"

    jti = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="blacklisted_tokens")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    blacklisted_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["rotated", "logged_out"]),
                name="blacklisted_token_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.jti} ({self.reason})"
