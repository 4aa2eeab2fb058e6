"""Groups of documents: each has its lifetimes, and is counted and cleared as one.

Whoever keeps documents registers a group, and gives it in each key. `cache_stats`, `clear_cache`
and `warm_cache` know all that are registered.
"""

from dataclasses import dataclass

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True)
class Group:
    """Documents with the same lifetimes, in seconds; CACHE_TTL_SCALE multiplies them.

    Fresh documents are answered as they are; stale ones are kept to be served if TMDb fails. The
    keys of a group `of_movie` begin with a movie's id. A release that writes documents of a group
    differently increments its `version`, so that old ones are not read.
    """

    name: str
    fresh_for: int
    kept_for: int
    of_movie: bool = False
    version: int = 1


GROUPS: dict[str, Group] = {}


def register(
    name: str, *, fresh_for: int, kept_for: int, of_movie: bool = False, version: int = 1
) -> Group:
    """Register a group under a unique name."""
    group = Group(name, fresh_for, kept_for, of_movie, version)
    if GROUPS.setdefault(name, group) != group:
        raise ValueError(f"There is another group {name!r}.")
    return group
