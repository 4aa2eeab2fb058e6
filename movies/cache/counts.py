"""Count the answers of each group by their source, for `cache_stats`.

Each process adds up its counts and sends them to Redis every FLUSH_AFTER seconds, so that counting
a hit does not take a round trip.
"""

import atexit
from collections import Counter, deque
from functools import cache
from threading import Lock, Timer
from typing import cast

from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection
from movies import redis_keys

FLUSH_AFTER = 2.0  # seconds

_lock = Lock()
# Appending to a deque takes no lock, for which the threads of a busy process would wait.
_counted: deque[tuple[str, str]] = deque()
_kept: Counter[str] = Counter()
_timer: Timer | None = None


def count(group: str, source: str) -> None:
    """Count an answer of `group` from `source`, a value of `answers.Source`."""
    _counted.append((group, source))
    if _timer is None:
        _start_timer()


def _start_timer() -> None:
    global _timer
    if not redis_connection.configured():
        _counted.clear()
        return
    _flush_at_exit()
    with _lock:
        if _timer is None:
            _timer = Timer(FLUSH_AFTER, flush)
            _timer.daemon = True
            _timer.start()


@cache
def _flush_at_exit() -> None:
    """Send the last counts when a command or worker exits."""
    atexit.register(flush)


def flush() -> None:
    """Send the counts to Redis. If that fails, they are kept for the next time."""
    global _timer
    with _lock:
        _timer = None
        # Not to the end: other threads may append as fast.
        for _ in range(len(_counted)):
            _kept[" ".join(_counted.popleft())] += 1
        sums = Counter(_kept)
        _kept.clear()
    connection = redis_connection.healthy()
    try:
        if connection is None:
            raise RedisError("away")
        with connection.pipeline(transaction=False) as pipeline:
            for field, number in sums.items():
                pipeline.hincrby(redis_keys.key("counts"), field, number)
            pipeline.execute()
    except RedisError:
        with _lock:
            _kept.update(sums)


def clear() -> None:
    """Forget the counts that have not been sent."""
    with _lock:
        _counted.clear()
        _kept.clear()


def read() -> dict[str, dict[str, int]]:
    """Return {group: {source: number}}, summed over all workers. Raises RedisError."""
    connection = redis_connection.healthy()
    if connection is None:
        raise RedisError("away")
    found: dict[str, dict[str, int]] = {}
    stored = cast(dict[bytes, bytes], connection.hgetall(redis_keys.key("counts")))
    for field, number in stored.items():
        group, source = field.decode().split(" ")
        found.setdefault(group, {})[source] = int(number)
    return found
