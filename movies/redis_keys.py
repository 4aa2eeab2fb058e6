"""The catalogue's own keys in the Redis that it shares with others, found by their prefix."""

from django_redis import get_redis_connection

PREFIX = "movie-catalogue:"


def key(*parts: str) -> str:
    """Return a key of the catalogue's own, which `clear_cache` may find."""
    return PREFIX + ":".join(parts)


def delete(patterns: list[str]) -> int:
    """Delete the keys that match, a thousand at a time; return how many. Raises RedisError."""
    connection = get_redis_connection("default")
    dropped = 0
    for pattern in patterns:
        batch = []
        for name in connection.scan_iter(PREFIX + pattern, count=1000):
            batch.append(name)
            if len(batch) == 1000:
                dropped += connection.unlink(*batch)
                batch = []
        if batch:
            dropped += connection.unlink(*batch)
    return dropped


def sizes(pattern: str) -> dict[str, int]:
    """Return the bytes of each value that matches, by key without the prefix. Raises RedisError."""
    connection = get_redis_connection("default")
    names = list(connection.scan_iter(PREFIX + pattern, count=1000))
    with connection.pipeline(transaction=False) as pipeline:
        for name in names:
            pipeline.strlen(name)
        lengths = pipeline.execute()
    return {name.decode()[len(PREFIX) :]: size for name, size in zip(names, lengths)}


def memory() -> dict[str, int]:
    """Return Redis' used memory, its limit (0: none) and evictions. Raises RedisError."""
    info = get_redis_connection("default").info()
    return {
        "used_bytes": info["used_memory"],
        "limit_bytes": info["maxmemory"],
        "evicted_keys": info["evicted_keys"],
    }
