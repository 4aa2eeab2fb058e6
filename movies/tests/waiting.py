"""Bounded waits for what happens in other threads and processes."""

import time
from collections.abc import Callable

from movies.demo.standin import StandIn


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Return once `condition` holds. Raises AssertionError if it does not within `seconds`."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "the condition did not come true"
        time.sleep(0.01)


def wait_for_request(tmdb: StandIn, path: str) -> None:
    """Return once TMDb has been asked for `path`."""
    wait_until(lambda: tmdb.requests()["paths"].get(path))
