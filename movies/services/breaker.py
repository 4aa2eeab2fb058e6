"""A circuit breaker, so that an outage of TMDb costs one probe and not a time-out a request.

The pattern is Michael T. Nygard's (Release It!, 2007). The packages that have it either hold a
lock over the whole call, so that one request at a time reaches TMDb, or let every waiting
thread probe at once.
"""

import time
from threading import Lock

from .exceptions import TMDbNotAsked

FAILURES_TO_OPEN = 5  # in a row
RETRY_AFTER = 10.0  # seconds


class CircuitOpen(TMDbNotAsked):
    """TMDb failed just now and is not asked; `retry_after` is when it will be."""


class CircuitBreaker:
    """Count failures in a row; while open, let one probe through each RETRY_AFTER seconds.

    Safe to share between threads. Each call of `before` that returns is followed by one of
    `succeeded`, `refused`, `failed` or `not_asked`.
    """

    def __init__(self):
        self.lock = Lock()
        self.failures = 0
        self.probe_at = 0.0
        self.last_success_at: float | None = None  # time.time()

    @property
    def state(self) -> str:
        """`closed`, `open`, or `half-open` while the next request is the probe."""
        if self.failures < FAILURES_TO_OPEN:
            return "closed"
        return "open" if time.monotonic() < self.probe_at else "half-open"

    def before(self) -> bool:
        """Let a call pass and say whether it is the probe, or raise CircuitOpen."""
        with self.lock:
            if self.failures < FAILURES_TO_OPEN:
                return False
            left = self.probe_at - time.monotonic()
            if left > 0:
                raise CircuitOpen("TMDb failed just now and is not asked.", left)
            # This call is the probe; the others go on waiting. Should its thread die, the
            # next probe comes RETRY_AFTER later all the same.
            self.probe_at = time.monotonic() + RETRY_AFTER
            return True

    def succeeded(self) -> None:
        with self.lock:
            self.failures = 0
            self.last_success_at = time.time()

    def refused(self) -> None:
        """Note that TMDb is there, though it was of no use."""
        with self.lock:
            self.failures = 0

    def failed(self) -> None:
        with self.lock:
            self.failures += 1
            self.probe_at = time.monotonic() + RETRY_AFTER

    def not_asked(self, is_probe: bool) -> None:
        """Give the probe back, if this call was to be it: it did not come to asking."""
        if is_probe:
            with self.lock:
                self.probe_at = time.monotonic()
