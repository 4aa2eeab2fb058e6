"""Where documents are kept: in the Redis that all workers share, or in this process.

Both backends have the few operations on bytes that `single_flight` needs. While Redis does not
answer, reading and locking raise CacheUnavailable. Failed writes are ignored, because an answer
that could not be kept is still valid.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol

from django.core.cache.backends.locmem import LocMemCache
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from movie_recommendation_backend import redis_connection
from movies import redis_keys

logger = logging.getLogger(__name__)

MAX_LOCAL_DOCUMENTS = 2000

# Delete a lock only if it is still ours: https://redis.io/docs/latest/commands/set/#patterns
DELETE_IF = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class CacheUnavailable(Exception):
    """The shared cache does not answer or refuses a command."""


class Backend(Protocol):
    """What `single_flight` needs of a cache. `seconds` is the lifetime of a key."""

    def get(self, key: str) -> bytes | None: ...

    def get_many(self, keys: list[str]) -> list[bytes | None]: ...

    def begins_with(self, key: str, prefix: bytes) -> bool:
        """Return whether the value of the key begins with `prefix`."""

    def set(self, key: str, value: bytes, seconds: float) -> None: ...

    def add(self, key: str, value: bytes, seconds: float) -> bool:
        """Set the key if it does not exist, and return whether it was set."""

    def delete_if(self, key: str, value: bytes) -> None:
        """Delete the key if it holds `value`."""


class RedisBackend:
    """The shared backend, for a single answer: after a failure, Redis is not asked again."""

    def __init__(self, connection: Redis):
        self.connection = connection
        self.has_failed = False

    def get(self, key: str) -> bytes | None:
        return self.get_many([key])[0]

    def get_many(self, keys: list[str]) -> list[bytes | None]:
        values = self.run(lambda: self.connection.mget(map(redis_keys.key, keys)))
        redis_connection.note_success()
        return values

    def begins_with(self, key: str, prefix: bytes) -> bool:
        name, end = redis_keys.key(key), len(prefix) - 1
        found = self.run(lambda: self.connection.getrange(name, 0, end))
        redis_connection.note_success()
        return found == prefix

    def set(self, key: str, value: bytes, seconds: float) -> None:
        name = redis_keys.key(key)
        with suppress(CacheUnavailable):
            self.run(lambda: self.connection.set(name, value, px=milliseconds(seconds)))

    def add(self, key: str, value: bytes, seconds: float) -> bool:
        name = redis_keys.key(key)
        return bool(
            self.run(lambda: self.connection.set(name, value, px=milliseconds(seconds), nx=True))
        )

    def delete_if(self, key: str, value: bytes) -> None:
        # If this fails, the lock expires by itself.
        with suppress(CacheUnavailable):
            self.run(lambda: self.connection.eval(DELETE_IF, 1, redis_keys.key(key), value))

    def run(self, command: Callable[[], Any]) -> Any:
        """Return the result of `command`. Raises CacheUnavailable."""
        if self.has_failed:
            raise CacheUnavailable
        try:
            return command()
        except (RedisConnectionError, RedisTimeoutError) as error:
            self.has_failed = True
            redis_connection.note_failure(error)
        except ResponseError as error:
            # Redis is full or read-only, but can still be read.
            logger.warning("Redis refused to write: %s", error)
        raise CacheUnavailable


class LocalBackend:
    """Django's local-memory cache, with `delete_if`. Backends of the same name share their keys."""

    def __init__(self, name: str = "documents"):
        self.cache = LocMemCache(name, {"OPTIONS": {"MAX_ENTRIES": MAX_LOCAL_DOCUMENTS}})
        self.lock = Lock()

    def get(self, key: str) -> bytes | None:
        return self.cache.get(key)

    def get_many(self, keys: list[str]) -> list[bytes | None]:
        return [self.cache.get(key) for key in keys]

    def begins_with(self, key: str, prefix: bytes) -> bool:
        return (self.cache.get(key) or b"").startswith(prefix)

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
# Documents from one outage must not be served in the next.
redis_connection.on_return(_local.clear)


def shared() -> Backend:
    """Return the site's backend. Raises CacheUnavailable while its Redis does not answer."""
    connection = redis_connection.shared()
    if connection:
        return RedisBackend(connection)
    if redis_connection.configured():
        raise CacheUnavailable
    return _local


def local() -> LocalBackend:
    """Return the backend of this process, for use while the shared one is unavailable."""
    return _local
