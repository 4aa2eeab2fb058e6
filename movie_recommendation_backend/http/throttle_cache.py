"""The cache that throttles count in: Redis, or this process's memory while Redis is down."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.locmem import LocMemCache
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from movie_recommendation_backend import redis_connection

logger = logging.getLogger(__name__)

PREFIX = "limits:"
LONGEST_WINDOW = 24 * 3600  # seconds

T = TypeVar("T")


class RedisUnavailable(Exception):
    """Redis is down or refuses the command."""


class ThrottleCache(LocMemCache):
    """The part of a cache that django-ratelimit uses: `add`, `incr` and `get`.

    Each is atomic and never fails. A cache that only ignored the failures of Redis would throttle
    either everybody or nobody while Redis is down.
    """

    def add(
        self, key: Any, value: Any, timeout: float | None = LONGEST_WINDOW, version: Any = None
    ) -> bool:
        try:
            expiry = None if timeout is None else int(timeout)
            return bool(in_redis(lambda redis: redis.set(PREFIX + key, value, ex=expiry, nx=True)))
        except RedisUnavailable:
            return super().add(key, value, timeout, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        try:
            return in_redis(lambda redis: incremented(redis, PREFIX + key, delta))
        except RedisUnavailable:
            # The key is missing in this process if its `add` still went to Redis.
            if super().add(key, delta, LONGEST_WINDOW, version):
                return delta
            return super().incr(key, delta, version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        try:
            value = in_redis(lambda redis: redis.get(PREFIX + key))
        except RedisUnavailable:
            return super().get(key, default, version)
        return default if value is None else int(value)


def incremented(redis: Redis, key: str, delta: int) -> int:
    """Increment `key` and return its count."""
    count = redis.incrby(key, delta)
    if count == delta:
        # Redis has lost the key since its `add`, along with its expiry.
        redis.expire(key, LONGEST_WINDOW)
    return count


def in_redis(command: Callable[[Redis], T]) -> T:
    """Return the result of `command`. Raise RedisUnavailable if it fails."""
    connection = redis_connection.shared()
    if connection is None:
        raise RedisUnavailable
    try:
        result = command(connection)
    except ResponseError as error:
        logger.warning("Redis refuses to count: %s", error)
    except RedisError as error:
        redis_connection.note_failure(error)
    else:
        redis_connection.note_success()
        return result
    raise RedisUnavailable
