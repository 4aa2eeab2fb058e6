"""What the cache commands have in common."""

from django.core.management.base import CommandError

from movie_recommendation_backend import redis_connection


def require_shared_cache() -> None:
    """Exit 2 where the cache lives in the server's process, which no command can reach."""
    if not redis_connection.configured():
        raise CommandError(
            "Without REDIS_URL the cache lives in the server's process, out of reach of commands.",
            returncode=2,
        )
