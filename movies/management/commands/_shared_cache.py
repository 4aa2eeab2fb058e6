"""A check that the cache commands share."""

from django.core.management.base import CommandError

from movie_recommendation_backend import redis_connection


def require_shared_cache() -> None:
    """Raise CommandError, with exit status 2, if the cache is in the server's process."""
    if not redis_connection.configured():
        raise CommandError(
            "Without REDIS_URL the cache is in the server's process, beyond the reach of commands.",
            returncode=2,
        )
