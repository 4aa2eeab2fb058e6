"""Who pays for what goes upstream: the client whose request leads a flight.

Hits are free, and so are those who wait for another's flight.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from movie_recommendation_backend.http.throttling import seconds_to_wait

from .services.exceptions import TMDbNotAsked

# Called before each flight. Commands have nobody to charge.
_pay: ContextVar[Callable[[], None]] = ContextVar("pay", default=lambda: None)


class ClientLimited(TMDbNotAsked):
    """This client has asked for too much in too short a time."""


@contextmanager
def charged_to(limit: str, who: str, *, each: bool = False) -> Iterator[None]:
    """Charge `who` for what goes upstream inside: once, or for `each` flight."""
    charged, refused = False, None

    def pay() -> None:
        nonlocal charged, refused
        if refused and each:
            raise refused
        if each or not charged:
            charged = True
            if wait := seconds_to_wait(limit, who):
                refused = ClientLimited("This client has asked for too much.", wait)
                raise refused

    with _paid_by(pay):
        yield


def free() -> AbstractContextManager[None]:
    """Charge nobody for what goes upstream inside."""
    return _paid_by(lambda: None)


@contextmanager
def _paid_by(pay: Callable[[], None]) -> Iterator[None]:
    token = _pay.set(pay)
    try:
        yield
    finally:
        _pay.reset(token)


def charge() -> None:
    """Charge whoever asks, before something goes upstream. Raises ClientLimited."""
    _pay.get()()
