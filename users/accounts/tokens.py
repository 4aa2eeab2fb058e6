"""JSON Web Tokens (RFC 7519): create, verify, rotate and revoke them.

djangorestframework-simplejwt signs and decodes tokens. Revocation is our own. Every token contains
its user's `token_version`, which is compared with the user's row. A refresh token is revoked by
inserting a BlacklistedToken, whose `jti` is unique. Tokens that are not valid for any reason raise
TokenNotValid, a 401.
"""

import logging
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypedDict, TypeVar, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token, UntypedToken

from users.models import BlacklistedToken, User

logger = logging.getLogger(__name__)

# A client may send the old token again if it lost the response or has two tabs.
REUSE_GRACE = timedelta(seconds=10)

T = TypeVar("T", bound=Token)


class TokenNotValid(AuthenticationFailed):
    default_code = "token_not_valid"
    default_detail = "The token is damaged, expired or revoked."


class TokenPair(TypedDict):
    access: str
    refresh: str


def tokens_for(user: User) -> TokenPair:
    """Return the tokens of a new session."""
    refresh = RefreshToken.for_user(user)
    refresh["token_version"] = user.token_version
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


def read(kind: type[T], raw: str | bytes) -> tuple[T, User]:
    """Return a valid token of this kind and its user, in one query.

    Revoked refresh tokens are accepted; see `read_refresh`.
    """
    token = decoded(kind, raw)
    if token is None and settings.JWT_PREVIOUS_KEY:
        token = decoded(signed_with(settings.JWT_PREVIOUS_KEY, kind), raw)
    if token is None:
        raise TokenNotValid
    try:
        user = User.objects.get(pk=token["user_id"], is_active=True)
    except (KeyError, TypeError, ValueError, User.DoesNotExist):
        raise TokenNotValid from None
    if token.get("token_version") != user.token_version:
        raise TokenNotValid
    return token, user


def read_refresh(raw: str) -> tuple[RefreshToken, User]:
    """Return a valid refresh token that has not been revoked, and its user.

    A rotated token that is used again after REUSE_GRACE is treated as stolen, and all sessions of
    its user end (RFC 9700, section 4.14.2).
    """
    token, user = read(RefreshToken, raw)
    if revoked := BlacklistedToken.objects.filter(jti=token["jti"]).first():
        is_late = revoked.blacklisted_at < timezone.now() - REUSE_GRACE
        if revoked.reason == BlacklistedToken.Reason.ROTATED and is_late:
            logger.warning("User %s: a rotated token was reused. All sessions ended.", user.pk)
            end_all_sessions(user)
        raise TokenNotValid
    return token, user


def decoded(kind: type[T], raw: str | bytes) -> T | None:
    """Return the token if its signature, times and type are valid."""
    try:
        # simplejwt annotates the encoded token as a Token.
        return kind(raw)  # type: ignore[arg-type]
    except (TokenError, RecursionError):  # thousands of nested brackets in the header
        return None


def signed_with(key: str, kind: type[T]) -> type[T]:
    """Return the class of tokens of this kind that are signed with `key`."""
    # mypy does not know that classes are hashable.
    return cast(type[T], _signed_with(key, kind))  # type: ignore[arg-type]


@cache
def _signed_with(key: str, kind: type[Token]) -> type[Token]:
    return type(kind.__name__, (kind,), {"_token_backend": TokenBackend("HS256", key)})


def verify(raw: str) -> User:
    """Return the user of a valid access or refresh token that has not been revoked."""
    token, user = read(UntypedToken, raw)
    if token.get("token_type") == RefreshToken.token_type:
        if BlacklistedToken.objects.filter(jti=token["jti"]).exists():
            raise TokenNotValid
    elif token.get("token_type") != AccessToken.token_type:
        raise TokenNotValid
    return user


def rotate(token: RefreshToken, user: User) -> TokenPair:
    """Revoke a refresh token and return new tokens. Of concurrent calls, exactly one succeeds."""
    revoke(token, user, BlacklistedToken.Reason.ROTATED)
    # These have the version that was read. If all sessions have ended since, they are not valid.
    return tokens_for(user)


def revoke(token: RefreshToken, user: User, reason: BlacklistedToken.Reason) -> None:
    """Revoke a refresh token from `read_refresh`. Of concurrent calls, exactly one succeeds."""
    try:
        with transaction.atomic():
            BlacklistedToken.objects.create(
                jti=token["jti"],
                user=user,
                reason=reason,
                blacklisted_at=timezone.now(),
                expires_at=datetime.fromtimestamp(token["exp"], UTC),
            )
    except IntegrityError:
        # Another request has just revoked it or deleted its user.
        raise TokenNotValid from None


def end_all_sessions(user: User) -> None:
    """Revoke every token of the `token_version` that `user` was loaded with."""
    unchanged = User.objects.filter(pk=user.pk, token_version=user.token_version)
    unchanged.update(token_version=F("token_version") + 1)
