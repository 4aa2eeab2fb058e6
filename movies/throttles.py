"""Throttle clients by the requests to TMDb that they cause.

Cache hits do not count, and neither does waiting for another client's single flight.
"""

from collections.abc import Callable

from movie_recommendation_backend.http.throttling import seconds_to_wait

from .load import LoadNotAttempted


class ClientThrottled(LoadNotAttempted):
    """This client has sent too many requests upstream."""


class OncePerRequest:
    """Count a client's request once, however often it goes upstream.

    `client` returns the client's name. It is not called for cache hits.
    """

    def __init__(self, limit: str, client: Callable[[], str]):
        self.limit = limit
        self.client = client
        self.is_counted = False

    def __call__(self) -> None:
        """Raise ClientThrottled if the client has reached the limit."""
        if not self.is_counted:
            self.is_counted = True
            _count(self.limit, self.client())


class OncePerFlight:
    """Count each flight of a bulk call. After the first refusal, all are refused."""

    def __init__(self, limit: str, client: str):
        self.limit = limit
        self.client = client
        self.refusal: ClientThrottled | None = None

    def __call__(self) -> None:
        """Raise ClientThrottled if the client has reached the limit."""
        if self.refusal:
            raise self.refusal
        try:
            _count(self.limit, self.client)
        except ClientThrottled as refusal:
            self.refusal = refusal
            raise


def _count(limit: str, client: str) -> None:
    if wait := seconds_to_wait(limit, client):
        raise ClientThrottled("This client has sent too many requests.", wait)
