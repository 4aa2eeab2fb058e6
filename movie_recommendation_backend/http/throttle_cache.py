"""The cache that limits are counted in: Redis for all workers, this process while it is away."""

import logging
from collections.abc import Callable

from django.core.cache.backends.locmem import LocMemCache
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from movie_recommendation_backend import redis_connection

logger = logging.getLogger(__name__)

PREFIX = "limits:"
LONGEST_WINDOW = 24 * 3600  # seconds


class NotShared(Exception):
    """Redis is not there, or does not take it."""


class LimitsCache(LocMemCache):
    """What django-ratelimit asks of a cache: `add`, `incr` and `get`, each atomic, never failing.

    With a cache that ignores Redis' failures it would limit everybody, or nobody.
    """

    def add(self, key, value, timeout=LONGEST_WINDOW, version=None) -> bool:
        try:
            return bool(shared(lambda redis: redis.set(PREFIX + key, value, ex=timeout, nx=True)))
        except NotShared:
            return super().add(key, value, timeout, version)

    def incr(self, key, delta=1, version=None) -> int:
        try:
            return shared(lambda redis: counted_up(redis, PREFIX + key, delta))
        except NotShared:
            # Redis may have taken the `add` before.
            if super().add(key, delta, LONGEST_WINDOW, version):
                return delta
            return super().incr(key, delta, version)

    def get(self, key, default=None, version=None) -> int:
        try:
            value = shared(lambda redis: redis.get(PREFIX + key))
        except NotShared:
            return super().get(key, default, version)
        return default if value is None else int(value)


def counted_up(redis: Redis, key: str, delta: int) -> int:
    count = redis.incrby(key, delta)
    if count == delta:
        # Redis lost it since the `add`, and its time limit with it.
        redis.expire(key, LONGEST_WINDOW)
    return count


def shared(command: Callable[[Redis], object]):
    """Return what `command` does with Redis. Raises NotShared."""
    connection = redis_connection.shared()
    if connection is None:
        raise NotShared
    try:
        result = command(connection)
    except ResponseError as error:
        logger.warning("Redis refuses to count: %s", error)
    except RedisError as error:
        redis_connection.note_failure(error)
    else:
        redis_connection.note_success()
        return result
    raise NotShared
