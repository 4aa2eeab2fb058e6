"""How often each group was answered from where, counted for `cache_stats`.

Counts are summed up in the process and sent to Redis every FLUSH_AFTER seconds, so that a hit
costs no round trip for being counted.
"""

import atexit
from collections import Counter
from functools import cache
from threading import Lock, Timer

from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection
from movies import redis_keys

FLUSH_AFTER = 2.0  # seconds

_lock = Lock()
_counts: Counter[str] = Counter()
_timer: Timer | None = None


def count(group: str, source: str) -> None:
    """Count an answer of `group` from `source` (the values of single_flight.Source)."""
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
    """Let a command that ends, or a worker that stops, send its last counts."""
    atexit.register(flush)


def flush() -> None:
    """Send what was counted; what Redis does not take is counted again."""
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
    """Forget what this process has counted and not sent."""
    with _lock:
        _counts.clear()


def read() -> dict[str, dict[str, int]]:
    """Return {group: {source: number}} over all workers. Raises RedisError."""
    connection = redis_connection.healthy()
    if connection is None:
        raise RedisError("away")
    found: dict[str, dict[str, int]] = {}
    for field, number in connection.hgetall(redis_keys.key("counts")).items():
        group, source = field.decode().split(" ")
        found.setdefault(group, {})[source] = int(number)
    return found
