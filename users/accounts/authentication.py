"""Who is asking: a bearer token at the API; a name or an e-mail address with a password."""

import hashlib
import unicodedata

from django.contrib.auth.backends import ModelBackend
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework_simplejwt.tokens import AccessToken

from movie_recommendation_backend.http.request_log import note
from movie_recommendation_backend.http.throttling import charge, client_address, refuse_beyond
from users.models import User

from . import tokens


class JWTAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>` (RFC 6750).

    Without a token that holds the call is charged to its sender's address: no user can be.
    """

    def authenticate(self, request) -> tuple[User, AccessToken] | None:
        try:
            found = bearer(request)
        except tokens.TokenNotValid:
            charge("anon", client_address(request))
            raise
        if found is None:
            charge("anon", client_address(request))
        return found

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="api"'


def bearer(request) -> tuple[User, AccessToken] | None:
    """Return whose access token the header holds, and it; None without one.

    Raises TokenNotValid.
    """
    scheme, *rest = get_authorization_header(request).split() or [b""]
    if scheme.lower() != b"bearer":
        return None
    if len(rest) != 1:
        raise tokens.TokenNotValid
    token, user = tokens.read(AccessToken, rest[0])
    note(user=user.pk)
    return user, token


class AccountBackend(ModelBackend):
    """Username or e-mail address, in any case; wrong passwords count by account.

    An unknown account costs a hash and is counted as a known one is: neither time nor answer
    tells which there are.
    """

    def authenticate(self, request, username=None, password=None, **kwargs) -> User | None:
        if username is None or password is None:
            return None
        user = User.objects.of_login(username)
        account = account_of(user) if user else unknown_account(username)
        refuse_locked(account)
        if user is None:
            User().set_password(password)
        elif user.check_password(password) and self.user_can_authenticate(user):
            return user
        count_wrong_password(account)
        return None


def account_of(user: User) -> str:
    return f"account {user.pk}"


def unknown_account(login: str) -> str:
    # People type passwords into the wrong field: logs and Redis get no text.
    folded = unicodedata.normalize("NFKC", login).lower()
    return f"unknown account {hashlib.sha256(folded.encode()).hexdigest()[:16]}"


def refuse_locked(account: str) -> None:
    """Raise Throttled if there were too many wrong passwords for this account."""
    refuse_beyond("wrong-password", account)


def count_wrong_password(account: str) -> None:
    """Count one more wrong password. Raises Throttled where there were too many at once."""
    charge("wrong-password", account)
