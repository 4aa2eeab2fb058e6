"""The Redis that all workers share, and what to do while it is away.

A Redis that does not answer costs whoever asks at that moment its socket time-out. For the next
PAUSE seconds this process does without it, as if there were none; then one request tries again.
"""

import logging
import time
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django_redis import get_redis_connection
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds

_lock = Lock()
_away_until = 0.0
_failed = False
_on_return: list[Callable[[], None]] = []


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


def note_success() -> None:
    """Use Redis again without a pause, and call what `on_return` was given if it had failed."""
    global _away_until, _failed
    if not _failed:
        return
    with _lock:
        failed, _failed, _away_until = _failed, False, 0.0
    if failed:
        for callback in _on_return:
            callback()


def reset() -> None:
    """Forget a failure, as a new process would."""
    global _away_until, _failed
    with _lock:
        _away_until, _failed = 0.0, False


def on_return(callback: Callable[[], None]) -> None:
    """Have `callback` called whenever Redis answers again after a failure."""
    _on_return.append(callback)
