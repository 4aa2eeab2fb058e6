"""The catalogue's keys in Redis. Their prefix separates them from the keys of other programs."""

from django_redis import get_redis_connection

PREFIX = "movie-catalogue:"


def key(*parts: str) -> str:
    """Return the parts as a key with the catalogue's prefix."""
    return PREFIX + ":".join(parts)


def delete(patterns: list[str]) -> int:
    """Delete the keys that match one of `patterns`, given without the prefix; return how many.

    Raises RedisError.
    """
    connection = get_redis_connection("default")
    deleted = 0
    for pattern in patterns:
        batch = []
        for name in connection.scan_iter(PREFIX + pattern, count=1000):
            batch.append(name)
            if len(batch) == 1000:
                deleted += connection.unlink(*batch)
                batch = []
        if batch:
            deleted += connection.unlink(*batch)
    return deleted


def sizes(pattern: str) -> dict[str, int]:
    """Return the size in bytes of each value whose key matches, by key without the prefix.

    Raises RedisError.
    """
    connection = get_redis_connection("default")
    names = list(connection.scan_iter(PREFIX + pattern, count=1000))
    with connection.pipeline(transaction=False) as pipeline:
        for name in names:
            pipeline.strlen(name)
        lengths = pipeline.execute()
    return {name.decode()[len(PREFIX) :]: size for name, size in zip(names, lengths)}


def memory() -> dict[str, int]:
    """Return Redis' used memory, its limit (0 if there is none) and its number of evicted keys.

    Raises RedisError.
    """
    info = get_redis_connection("default").info()
    return {
        "used_bytes": info["used_memory"],
        "limit_bytes": info["maxmemory"],
        "evicted_keys": info["evicted_keys"],
    }
