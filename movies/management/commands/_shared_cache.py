"""A check that the cache commands share."""

from django.core.management.base import CommandError

from movie_recommendation_backend import redis_connection


def require_shared_cache() -> None:
    """Raise CommandError, with exit status 2, if the cache is in the server's process."""
    if not redis_connection.configured():
        raise CommandError(
            "Without REDIS_URL, commands cannot reach the cache: it is in the server's process.",
            returncode=2,
        )
