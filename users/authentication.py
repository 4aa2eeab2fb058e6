"""The path under which the admin's sessions have stored their authentication backend."""

from users.accounts.authentication import AccountBackend

__all__ = ["AccountBackend"]
