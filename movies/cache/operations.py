"""Operations on the shared cache: clear documents, and measure how often it is hit."""

from movies import redis_keys

from . import counts
from .answers import Source
from .groups import GROUPS

VERSION = "[0-9]*"  # in patterns; the keys of locks and counts begin with a word


def clear(group: str | None = None) -> int:
    """Delete the documents of a group, or all of them, and return how many.

    Raises RedisError.
    """
    return redis_keys.delete([f"{VERSION}:{group or '*'}:*"])


def clear_movie(*ids: int | str) -> int:
    """Delete the documents of the movie with these TMDb and IMDb ids, and return how many.

    Raises RedisError.
    """
    groups = [group.name for group in GROUPS.values() if group.of_movie]
    return redis_keys.delete([f"{VERSION}:{name}:{each}:*" for name in groups for each in ids])


def statistics() -> dict:
    """Return what the shared cache contains and how often it is hit.

    {"groups": {group: {"hits", "stale", "misses", "entries", "bytes"}}, "redis": {"used_bytes",
    "limit_bytes", "evicted_keys"}}. Raises RedisError.
    """
    counts_by_group = counts.read()
    sizes = redis_keys.sizes(f"{VERSION}:*")
    groups = {}
    for name in GROUPS:
        counted = counts_by_group.get(name, {})
        hits, stale = counted.get(Source.HIT.value, 0), counted.get(Source.STALE.value, 0)
        held = [size for key, size in sizes.items() if key.split(":")[1] == name]
        groups[name] = {
            "hits": hits,
            "stale": stale,
            "misses": sum(counted.values()) - hits - stale,
            "entries": len(held),
            "bytes": sum(held),
        }
    return {"groups": groups, "redis": redis_keys.memory()}
