"""Where documents are kept: in the Redis that all workers share, or in this process.

Both offer the few operations that `single_flight` needs, on bytes. Reading and locking in Redis
raise CacheAway when it does not answer; writing then does nothing, because an answer that could not
be kept is still an answer.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Protocol

from django.core.cache.backends.locmem import LocMemCache
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from movie_recommendation_backend import redis_connection
from movies import redis_keys

logger = logging.getLogger(__name__)

LOCAL_DOCUMENTS = 2000

# Delete a lock only while it is still ours: https://redis.io/docs/latest/commands/set/#patterns
DELETE_IF = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class CacheAway(Exception):
    """The shared cache does not answer, or there is none."""


class Backend(Protocol):
    def get(self, key: str) -> bytes | None: ...

    def get_many(self, keys: list[str]) -> list[bytes | None]: ...

    def set(self, key: str, value: bytes, seconds: float) -> None: ...

    def add(self, key: str, value: bytes, seconds: float) -> bool:
        """Set the key if it is not there; say whether it was set."""

    def delete_if(self, key: str, value: bytes) -> None:
        """Delete the key if it holds `value`."""


class RedisBackend:
    """The shared backend, for the length of one answer: once lost, it is not asked again."""

    def __init__(self, connection: Redis):
        self.connection = connection
        self.lost = False

    def get(self, key: str) -> bytes | None:
        return self.get_many([key])[0]

    def get_many(self, keys: list[str]) -> list[bytes | None]:
        values = self.run(lambda: self.connection.mget(map(redis_keys.key, keys)))
        redis_connection.note_success()
        return values

    def set(self, key: str, value: bytes, seconds: float) -> None:
        name = redis_keys.key(key)
        with suppress(CacheAway):
            self.run(lambda: self.connection.set(name, value, px=milliseconds(seconds)))

    def add(self, key: str, value: bytes, seconds: float) -> bool:
        name = redis_keys.key(key)
        return bool(
            self.run(lambda: self.connection.set(name, value, px=milliseconds(seconds), nx=True))
        )

    def delete_if(self, key: str, value: bytes) -> None:
        # If it fails, the lock's time limit frees it.
        with suppress(CacheAway):
            self.run(lambda: self.connection.eval(DELETE_IF, 1, redis_keys.key(key), value))

    def run(self, command: Callable):
        """Return what `command` does; raise CacheAway where Redis is away or refuses it."""
        if self.lost:
            raise CacheAway
        try:
            return command()
        except (RedisConnectionError, RedisTimeoutError) as error:
            self.lost = True
            redis_connection.note_failure(error)
        except ResponseError as error:
            # It is there, but full or read-only: what it holds can still be read.
            logger.warning("Redis refuses to write: %s", error)
        raise CacheAway


class LocalBackend:
    """Django's local-memory cache, with the comparison that it lacks.

    Backends of one name share their content.
    """

    def __init__(self, name: str = "documents"):
        self.cache = LocMemCache(name, {"OPTIONS": {"MAX_ENTRIES": LOCAL_DOCUMENTS}})
        self.lock = Lock()

    def get(self, key: str) -> bytes | None:
        return self.cache.get(key)

    def get_many(self, keys: list[str]) -> list[bytes | None]:
        return [self.cache.get(key) for key in keys]

    def set(self, key: str, value: bytes, seconds: float) -> None:
        self.cache.set(key, value, seconds)

    def add(self, key: str, value: bytes, seconds: float) -> bool:
        return self.cache.add(key, value, seconds)

    def delete_if(self, key: str, value: bytes) -> None:
        with self.lock:
            if self.cache.get(key) == value:
                self.cache.delete(key)

    def clear(self) -> None:
        self.cache.clear()


def milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


_local = LocalBackend()
# What served an outage must not come up again in the next one.
redis_connection.on_return(_local.clear)


def shared() -> Backend:
    """Return the backend of this site; raise CacheAway while its Redis does not answer."""
    connection = redis_connection.shared()
    if connection:
        return RedisBackend(connection)
    if redis_connection.configured():
        raise CacheAway
    return _local


def local() -> LocalBackend:
    """Return the backend of this process, for while the shared one is away."""
    return _local
