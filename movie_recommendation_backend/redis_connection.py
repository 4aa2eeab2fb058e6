"""The Redis that all workers share, and how to do without it while it is down.

The request that finds Redis down waits for the socket timeout. For the next PAUSE seconds, this
process works as if no Redis were configured. Then one request tries again.
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
_paused_until = 0.0
_failed = False
_on_return: list[Callable[[], None]] = []


def configured() -> bool:
    return bool(settings.REDIS_URL)


def shared() -> Redis | None:
    """Return the connection; None without REDIS_URL or within PAUSE seconds of a failure.

    After the pause, one caller gets the connection and the others get None until it succeeds.
    """
    global _paused_until
    if not configured():
        return None
    if _failed:
        with _lock:
            if time.monotonic() < _paused_until:
                return None
            _paused_until = time.monotonic() + PAUSE
    return get_redis_connection("default")


def healthy() -> Redis | None:
    """Return the connection unless the last command failed. Only callers of `shared` try again."""
    return None if _failed or not configured() else get_redis_connection("default")


def note_failure(error: RedisError) -> None:
    """Do without Redis for PAUSE seconds."""
    global _paused_until, _failed
    logger.warning("Redis is down (%s); continuing without it.", type(error).__name__)
    with _lock:
        _paused_until = time.monotonic() + PAUSE
        _failed = True


def note_success() -> None:
    """End the pause. After a failure, call the callbacks of `on_return`."""
    global _paused_until, _failed
    if not _failed:
        return
    with _lock:
        failed, _failed, _paused_until = _failed, False, 0.0
    if failed:
        for callback in _on_return:
            callback()


def reset() -> None:
    """Forget the last failure, as if the process had just started."""
    global _paused_until, _failed
    with _lock:
        _paused_until, _failed = 0.0, False


def on_return(callback: Callable[[], None]) -> None:
    """Call `callback` whenever Redis responds again after a failure."""
    _on_return.append(callback)
