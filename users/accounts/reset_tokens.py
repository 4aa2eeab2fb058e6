"""The tokens of reset links: each works once."""

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from .models import User


class ResetTokens(PasswordResetTokenGenerator):
    """A new password, email address or username invalidates a link."""

    key_salt = "users.accounts.ResetTokens"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        assert isinstance(user, User)
        return f"{user.pk} {user.password} {user.email} {user.username} {timestamp}"


reset_tokens = ResetTokens()
