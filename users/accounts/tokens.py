"""JSON Web Tokens (RFC 7519) for users: made, checked, rotated and ended.

djangorestframework-simplejwt signs and decodes. What ends tokens early is ours: each carries its
user's `token_version`, compared with the row that is loaded anyway, and a refresh token ends by
the unique insert of a BlacklistedToken. All raise TokenNotValid, which is one 401.
"""

import logging
from datetime import UTC, datetime, timedelta
from functools import cache

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

# A page that lost the answer to its refresh, or has two tabs, sends the old token once more.
REUSE_GRACE = timedelta(seconds=10)


class TokenNotValid(AuthenticationFailed):
    default_code = "token_not_valid"
    default_detail = "The token is not valid: it is damaged, has expired or was ended."


def tokens_for(user: User) -> dict[str, str]:
    """Return a new session: `{"access", "refresh"}`."""
    refresh = RefreshToken.for_user(user)
    refresh["token_version"] = user.token_version
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


def read(kind: type[Token], raw: str | bytes) -> tuple[Token, User]:
    """Return a token of this kind that holds, and its user, in one query."""
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
    """Return a refresh token that holds and has not ended, and its user.

    One that was rotated longer than REUSE_GRACE ago is in two hands, one of them a thief's:
    that ends all sessions of its user (RFC 9700, 4.14.2).
    """
    token, user = read(RefreshToken, raw)
    if ended := BlacklistedToken.objects.filter(jti=token["jti"]).first():
        stolen = ended.blacklisted_at < timezone.now() - REUSE_GRACE
        if ended.reason == BlacklistedToken.Reason.ROTATED and stolen:
            logger.warning("A rotated token of user %s came back: all sessions end.", user.pk)
            end_all_sessions(user)
        raise TokenNotValid
    return token, user


def decoded(kind: type[Token], raw: str | bytes) -> Token | None:
    """Return a token of this kind whose signature and times hold."""
    try:
        return kind(raw)
    except (TokenError, RecursionError):  # a header of thousands of brackets
        return None


@cache
def signed_with(key: str, kind: type[Token]) -> type[Token]:
    """Return the kind of token under another key: a former one, until its tokens have expired."""
    return type(kind.__name__, (kind,), {"_token_backend": TokenBackend("HS256", key)})


def verify(raw: str) -> User:
    """Return the user of an access or a refresh token that holds."""
    token, user = read(UntypedToken, raw)
    if token.get("token_type") == RefreshToken.token_type:
        if BlacklistedToken.objects.filter(jti=token["jti"]).exists():
            raise TokenNotValid
    elif token.get("token_type") != AccessToken.token_type:
        raise TokenNotValid
    return user


def rotate(token: RefreshToken, user: User) -> dict[str, str]:
    """End a refresh token and return new tokens: to exactly one of those who use it at once."""
    end(token, user, BlacklistedToken.Reason.ROTATED)
    # Of the version that was read: if it was counted up meanwhile, these are ended already.
    return tokens_for(user)


def end(token: RefreshToken, user: User, reason: BlacklistedToken.Reason) -> None:
    """End a refresh token that `read_refresh` returned; of several at once one succeeds."""
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
        # Another request ended it just now, or deleted its user.
        raise TokenNotValid from None


def end_all_sessions(user: User) -> None:
    """End every token of the version that `user` was loaded with."""
    this_version = User.objects.filter(pk=user.pk, token_version=user.token_version)
    this_version.update(token_version=F("token_version") + 1)
