"""The Redis that all workers share, and what to do while it is away.

A Redis that does not answer costs its socket time-out once; for the next PAUSE seconds this
process does without it, as if there were none, and then tries again by itself.
"""

import logging
import time

from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PREFIX = "movie-catalogue:"
PAUSE = 1.0  # seconds

_away_until = 0.0
_failed = False


def configured() -> bool:
    return bool(settings.REDIS_URL)


def shared() -> Redis | None:
    """Return the connection; None without REDIS_URL and shortly after a failure."""
    if not configured() or time.monotonic() < _away_until:
        return None
    return get_redis_connection("default")


def note_failure(error: RedisError) -> None:
    """Do without Redis for a moment."""
    global _away_until, _failed
    logger.warning("Redis is away (%s); going on without it.", type(error).__name__)
    _away_until = time.monotonic() + PAUSE
    _failed = True


def came_back() -> bool:
    """Say once, after a success, that there were failures before it."""
    global _failed
    failed, _failed = _failed, False
    return failed


def key(*parts: str) -> str:
    """Return a key of the catalogue's own, which `clear_cache` may find by its prefix."""
    return PREFIX + ":".join(parts)
