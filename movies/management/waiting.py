"""Commands, unlike requests, have time to wait until TMDb may be asked."""

import time
from collections.abc import Callable
from typing import TypeVar

from movies.load import LoadNotAttempted
from movies.services.health import CircuitOpen

LONGEST_WAIT = 60.0  # seconds that one question waits, in all

Result = TypeVar("Result")


def wait_to_ask(ask: Callable[[], Result]) -> Result:
    """Call `ask` until it may ask TMDb, and return its result.

    Raises its LoadFailed; CircuitOpen at once, and LoadNotAttempted after LONGEST_WAIT.
    """
    waited = 0.0
    while True:
        try:
            return ask()
        except LoadNotAttempted as error:
            wait = error.retry_after or LONGEST_WAIT
            if isinstance(error, CircuitOpen) or waited + wait > LONGEST_WAIT:
                raise
        waited += wait
        time.sleep(wait)
