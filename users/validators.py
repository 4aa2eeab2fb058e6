"""The import path of the validator in a migration."""

from users.accounts.validators import validate_username

__all__ = ["validate_username"]
