"""The API's description (Swagger 2.0): what operations share, and how it is generated."""

from .operations import CACHED, description, documented

__all__ = ["CACHED", "description", "documented"]
