"""The Redis that all workers share, and what to do while it is away.

A Redis that does not answer costs whoever asks at that moment its socket time-out. For the next
PAUSE seconds this process does without it, as if there were none; then one request tries again.
"""

import logging
import time
from threading import Lock

from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PREFIX = "movie-catalogue:"
PAUSE = 1.0  # seconds

_lock = Lock()
_away_until = 0.0
_failed = False


def configured() -> bool:
    return bool(settings.REDIS_URL)


def shared() -> Redis | None:
    """Return the connection; None without REDIS_URL and shortly after a failure.

    When the pause is over one caller tries again, and the others wait for how that goes.
    """
    global _away_until
    if not configured():
        return None
    if _failed:
        with _lock:
            if time.monotonic() < _away_until:
                return None
            _away_until = time.monotonic() + PAUSE
    return get_redis_connection("default")


def healthy() -> Redis | None:
    """Return the connection where there was no failure; trying again is left to `shared`."""
    return None if _failed or not configured() else get_redis_connection("default")


def note_failure(error: RedisError) -> None:
    """Do without Redis for a moment."""
    global _away_until, _failed
    logger.warning("Redis is away (%s); going on without it.", type(error).__name__)
    with _lock:
        _away_until = time.monotonic() + PAUSE
        _failed = True


def came_back() -> bool:
    """Say once, after a success, that there were failures before it."""
    global _away_until, _failed
    with _lock:
        failed, _failed, _away_until = _failed, False, 0.0
    return failed


def key(*parts: str) -> str:
    """Return a key of the catalogue's own, which `clear_cache` may find by its prefix."""
    return PREFIX + ":".join(parts)


def drop(patterns: list[str]) -> int:
    """Delete the keys that match, a thousand at a time; return how many. Raises RedisError."""
    connection = get_redis_connection("default")
    dropped = 0
    for pattern in patterns:
        batch = []
        for name in connection.scan_iter(PREFIX + pattern, count=1000):
            batch.append(name)
            if len(batch) == 1000:
                dropped += connection.unlink(*batch)
                batch = []
        if batch:
            dropped += connection.unlink(*batch)
    return dropped


def sizes(pattern: str) -> dict[str, int]:
    """Return the bytes of each value that matches, by key without the prefix. Raises RedisError."""
    connection = get_redis_connection("default")
    names = list(connection.scan_iter(PREFIX + pattern, count=1000))
    with connection.pipeline(transaction=False) as pipeline:
        for name in names:
            pipeline.strlen(name)
        lengths = pipeline.execute()
    return {name.decode()[len(PREFIX) :]: size for name, size in zip(names, lengths)}


def memory() -> dict[str, int]:
    """Return Redis' used memory, its limit (0: none) and evictions. Raises RedisError."""
    info = get_redis_connection("default").info()
    return {
        "used_bytes": info["used_memory"],
        "limit_bytes": info["maxmemory"],
        "evicted_keys": info["evicted_keys"],
    }
