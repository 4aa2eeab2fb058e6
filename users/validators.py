"""The path by which a migration imports the username's validator."""

from users.accounts.validators import validate_username

__all__ = ["validate_username"]
