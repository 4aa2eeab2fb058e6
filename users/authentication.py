"""The import path of the authentication backend that the admin's sessions have stored."""

from users.accounts.authentication import AccountBackend

__all__ = ["AccountBackend"]
