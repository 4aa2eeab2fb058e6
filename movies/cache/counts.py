"""Count the answers of each group by their source, for `cache_stats`.

Each process adds up its counts and sends them to Redis every FLUSH_AFTER seconds, so that counting
a hit does not take a round trip.
"""

import atexit
from collections import Counter
from functools import cache
from threading import Lock, Timer
from typing import cast

from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection
from movies import redis_keys

FLUSH_AFTER = 2.0  # seconds

_lock = Lock()
_counts: Counter[str] = Counter()
_timer: Timer | None = None


def count(group: str, source: str) -> None:
    """Count an answer of `group` from `source`, a value of `answers.Source`."""
    global _timer
    if not redis_connection.configured():
        return
    _flush_at_exit()
    with _lock:
        _counts[f"{group} {source}"] += 1
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
        sums, _timer = Counter(_counts), None
        _counts.clear()
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
            _counts.update(sums)


def clear() -> None:
    """Forget the counts that have not been sent."""
    with _lock:
        _counts.clear()


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
