from collections.abc import Callable

import pytest

from movie_recommendation_backend import redis_connection
from movies.cache.backends import local
from movies.cache.operations import clear


@pytest.fixture
def outage(client, tmdb) -> Callable[[], None]:
    """A function that breaks TMDb and deletes all documents."""

    def begin() -> None:
        local().clear()
        if redis_connection.configured():
            clear()
        tmdb.add_fault({"fault": "error", "status": 401})

    return begin
