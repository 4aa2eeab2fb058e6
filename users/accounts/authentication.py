"""Authentication: bearer tokens for the API, and login with a username or email address."""

import hashlib
import unicodedata
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request
from rest_framework_simplejwt.tokens import AccessToken

from movie_recommendation_backend.http.request_log import note
from movie_recommendation_backend.http.throttling import (
    client_address,
    refuse_if_exceeded,
    throttle,
)
from users.models import User

from . import tokens


class JWTAuthentication(BaseAuthentication):
    """Authenticate by `Authorization: Bearer <access token>` (RFC 6750).

    Requests without a valid token are throttled by address, because their user is unknown.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        try:
            found = bearer(request)
        except tokens.TokenNotValid:
            throttle("anon", client_address(request))
            raise
        if found is None:
            throttle("anon", client_address(request))
        return found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def bearer(request: Request) -> tuple[User, AccessToken] | None:
    """Return the user and the access token of the Authorization header, None without a token.

    Raise TokenNotValid.
    """
    scheme, *rest = get_authorization_header(request).split() or [b""]
    if scheme.lower() != b"bearer":
        return None
    if len(rest) != 1:
        raise tokens.TokenNotValid
    token, user = tokens.read(AccessToken, rest[0])
    note(user=user.pk)
    return user, token


def user_of(request: Request) -> User:
    """Return the user of a request. Only for views that require authentication, the default."""
    assert isinstance(request.user, User)
    return request.user


class AccountBackend(ModelBackend):
    """Log in by username or email address, ignoring case. Wrong passwords count per account.

    For an unknown account, a password is hashed and the attempt is counted as well, so that
    neither the duration nor the response reveals which accounts exist.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        user = User.objects.by_login(username)
        account = account_of(user) if user else unknown_account(username)
        refuse_if_locked(account)
        if user is None:
            User().set_password(password)
        elif user.check_password(password) and self.user_can_authenticate(user):
            return user
        count_wrong_password(account)
        return None


def account_of(user: User) -> str:
    """Return the name under which wrong passwords for `user` are counted."""
    return f"account {user.pk}"


def unknown_account(login: str) -> str:
    # Hashed, because people sometimes type their password here, and the name is logged.
    folded = unicodedata.normalize("NFKC", login).lower()
    return f"unknown account {hashlib.sha256(folded.encode()).hexdigest()[:16]}"


def refuse_if_locked(account: str) -> None:
    """Raise Throttled if there were too many wrong passwords for `account`."""
    refuse_if_exceeded("wrong-password", account)


def count_wrong_password(account: str) -> None:
    """Count a wrong password for `account`. Raise Throttled if it is one too many."""
    throttle("wrong-password", account)
