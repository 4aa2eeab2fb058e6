"""Who pays for what goes upstream: the address whose request leads a flight, once a request.

Hits are free, and so are those who wait for another's flight.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from movie_recommendation_backend.throttling import seconds_to_wait

from .services.exceptions import TMDbNotAsked

# Who has not paid yet: a list of at most one address. Commands have none.
_payers: ContextVar[list[str] | None] = ContextVar("payers", default=None)


class ClientLimited(TMDbNotAsked):
    """This client has asked for too much in too short a time."""


@contextmanager
def charged_to(address: str) -> Iterator[None]:
    """Charge `address` for what goes upstream inside, once, by THROTTLE_ANON."""
    token = _payers.set([address])
    try:
        yield
    finally:
        _payers.reset(token)


def charge() -> None:
    """Charge whoever asks, before something goes upstream. Raises ClientLimited."""
    payers = _payers.get()
    if payers and (wait := seconds_to_wait("anon", payers.pop())):
        raise ClientLimited("This address has asked for too much.", wait)
