"""The description of the API (Swagger 2.0): what operations share in it, and how it is made."""

from .operations import CACHED, description, documented

__all__ = ["CACHED", "description", "documented"]
