"""What commands have and requests have not: time to wait until TMDb may be asked."""

import time
from collections.abc import Callable
from typing import TypeVar

from .breaker import CircuitOpen
from .exceptions import TMDbNotAsked

PATIENCE = 60  # seconds that one question waits for the request budget, in all

Answer = TypeVar("Answer")


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Call `ask` until it may ask TMDb, and return its answer.

    Raises its TMDbError; CircuitOpen at once, and TMDbNotAsked after PATIENCE.
    """
    waited = 0.0
    while True:
        try:
            return ask()
        except TMDbNotAsked as error:
            wait = error.retry_after or PATIENCE
            if isinstance(error, CircuitOpen) or waited + wait > PATIENCE:
                raise
        waited += wait
        time.sleep(wait)
