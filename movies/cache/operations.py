"""What operators do with the shared cache: drop documents, and look at how it serves."""

from movies import redis_keys

from . import counts
from .documents import FORMAT, LIFETIMES, OF_A_FILM
from .single_flight import Source


def drop(group: str | None = None) -> int:
    """Drop the documents of a group, or all, from the shared cache; return how many.

    Raises RedisError.
    """
    return redis_keys.drop([f"{FORMAT}:{group or '*'}:*"])


def drop_film(*ids: int | str) -> int:
    """Drop the documents of a film, by its TMDb and IMDb id, in the same way."""
    return redis_keys.drop([f"{FORMAT}:{kind}:{each}:*" for kind in OF_A_FILM for each in ids])


def statistics() -> dict:
    """Return what the shared cache holds and how well it serves.

    {"groups": {group: {"hits", "stale", "misses", "entries", "bytes"}}, "redis": {"used_bytes",
    "limit_bytes", "evicted_keys"}}. Raises RedisError.
    """
    answered_by_group = counts.read()
    sizes = redis_keys.sizes(f"{FORMAT}:*")
    groups = {}
    for group in LIFETIMES:
        answered = answered_by_group.get(group, {})
        hits, stale = answered.get(Source.HIT.value, 0), answered.get(Source.STALE.value, 0)
        held = [size for key, size in sizes.items() if key.split(":")[1] == group]
        groups[group] = {
            "hits": hits,
            "stale": stale,
            "misses": sum(answered.values()) - hits - stale,
            "entries": len(held),
            "bytes": sum(held),
        }
    return {"groups": groups, "redis": redis_keys.memory()}
