"""Where documents are kept: in the Redis that all workers share, or in this process.

Both offer the few operations that `cache` needs, on bytes. Reading and locking in Redis raise
CacheAway when it does not answer; writing then does nothing, because an answer that could not
be kept is still an answer.
"""

from threading import Lock
from typing import Protocol

from django.core.cache.backends.locmem import LocMemCache
from redis import Redis
from redis.exceptions import RedisError

from . import redis_connection

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
    def __init__(self, connection: Redis):
        self.connection = connection

    def get(self, key: str) -> bytes | None:
        return self.get_many([key])[0]

    def get_many(self, keys: list[str]) -> list[bytes | None]:
        try:
            values = self.connection.mget(map(redis_connection.key, keys))
        except RedisError as error:
            redis_connection.note_failure(error)
            raise CacheAway from None
        if redis_connection.came_back():
            # What served the outage must not come up again in the next one.
            _local.clear()
        return values

    def set(self, key: str, value: bytes, seconds: float) -> None:
        try:
            self.connection.set(redis_connection.key(key), value, px=milliseconds(seconds))
        except RedisError as error:
            redis_connection.note_failure(error)

    def add(self, key: str, value: bytes, seconds: float) -> bool:
        name = redis_connection.key(key)
        try:
            return bool(self.connection.set(name, value, px=milliseconds(seconds), nx=True))
        except RedisError as error:
            redis_connection.note_failure(error)
            raise CacheAway from None

    def delete_if(self, key: str, value: bytes) -> None:
        try:
            self.connection.eval(DELETE_IF, 1, redis_connection.key(key), value)
        except RedisError as error:
            # The lock's time limit frees it.
            redis_connection.note_failure(error)


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
