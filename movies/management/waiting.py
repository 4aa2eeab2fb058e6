"""Commands, unlike requests, have the time to wait for the budget and for TMDb's pauses."""

import time
from collections.abc import Callable
from typing import TypeVar

from movies.load import LoadNotAttempted
from movies.services.health import CircuitOpen

MAX_WAIT = 60.0  # seconds that one question waits in total

Result = TypeVar("Result")


def wait_to_ask(ask: Callable[[], Result]) -> Result:
    """Call `ask` until it is allowed to ask TMDb, and return its result.

    Raises the LoadFailed of `ask`: LoadNotAttempted only if the waits would exceed MAX_WAIT seconds
    in total, but its subclass CircuitOpen at once.
    """
    waited = 0.0
    while True:
        try:
            return ask()
        except LoadNotAttempted as error:
            wait = error.retry_after or MAX_WAIT
            if isinstance(error, CircuitOpen) or waited + wait > MAX_WAIT:
                raise
        waited += wait
        time.sleep(wait)
