"""Groups of documents. Each has its own lifetimes, and is counted and cleared as a whole.

A module that keeps documents registers a group and uses it in its keys. `cache_stats`,
`clear_cache` and `warm_cache` know all registered groups.
"""

from dataclasses import dataclass

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True)
class Group:
    """Documents with the same lifetimes, in seconds; CACHE_TTL_SCALE multiplies them.

    Fresh documents are served as they are; stale ones are kept to be served if TMDb fails. If a
    group is `of_movie`, its keys begin with a movie's id. A release that writes the documents of a
    group differently increments its `version`, so that old ones are not read.
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
        raise ValueError(f"There is already a group {name!r}.")
    return group
