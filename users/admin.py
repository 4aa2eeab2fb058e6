"""The admin of each room: importing it registers its models."""

from .accounts import admin as accounts
from .lists import admin as lists

__all__ = ["accounts", "lists"]
