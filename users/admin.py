"""Import the admin modules, which register their models."""

from .accounts import admin as accounts
from .lists import admin as lists

__all__ = ["accounts", "lists"]
