"""TMDb's health as this process sees it: checked before each request, updated after it.

It has three parts: a circuit breaker (Michael T. Nygard, Release It!, 2007), so that during an
outage a probe waits for a time-out now and then, not every request; the wait that a 429 asks for;
and pauses of single topics, such as the genre names of one language. Existing circuit breaker
packages either hold a lock during the whole call, so that only one request at a time reaches TMDb,
or let all waiting threads probe at once.
"""

import logging
import time
from threading import Lock

from .exceptions import TMDbNotAsked

logger = logging.getLogger(__name__)

FAILURES_TO_OPEN = 5  # in a row
RETRY_AFTER = 10.0  # seconds
LONGEST_RATE_LIMIT = 60.0  # seconds that a 429 can keep us from asking
MAX_TOPICS = 1000
# Seconds that a topic is paused: after its genre names failed, and after it was too slow.
NAMES_PAUSE, SLOW_PAUSE = 10.0, 60.0


class CircuitOpen(TMDbNotAsked):
    """TMDb failed just now and is not asked until `retry_after` seconds have passed."""


class Health:
    """Count failures in a row. While the circuit is open, let one probe pass every RETRY_AFTER s.

    Safe to share between threads. After each `check` that returns, call one of
    `succeeded`, `refused`, `rate_limited`, `failed` or `not_asked`.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.failures = 0
        self.probe_at = 0.0
        self.rate_limited_until = 0.0
        self.paused_until: dict[str, float] = {}
        self.last_success_at: float | None = None  # time.time()
        self.logged_state = "closed"

    @property
    def state(self) -> str:
        """`closed`, `open`, or `half-open` while the next request is the probe."""
        if self.failures < FAILURES_TO_OPEN:
            return "closed"
        return "open" if time.monotonic() < self.probe_at else "half-open"

    def check(self) -> bool:
        """Let a request pass and say whether it is the probe. Raises TMDbNotAsked."""
        with self.lock:
            now = time.monotonic()
            if now < self.rate_limited_until:
                raise TMDbNotAsked("TMDb asked us to wait.", self.rate_limited_until - now)
            if self.failures < FAILURES_TO_OPEN:
                return False
            if now < self.probe_at:
                raise CircuitOpen("TMDb failed just now and is not asked.", self.probe_at - now)
            # This request is the probe; the others keep waiting. Even if its thread dies, the
            # next probe follows after RETRY_AFTER.
            self.probe_at = now + RETRY_AFTER
            return True

    def succeeded(self) -> None:
        with self.lock:
            self.failures = 0
            self.last_success_at = time.time()
            self._log_change()

    def refused(self) -> None:
        """Note that TMDb answers, although it refused this request."""
        with self.lock:
            self.failures = 0
            self._log_change()

    def rate_limited(self, seconds: float) -> None:
        """Note a 429: TMDb answers, and is not asked again for `seconds`."""
        wait = min(seconds, LONGEST_RATE_LIMIT)
        with self.lock:
            self.failures = 0
            self.rate_limited_until = time.monotonic() + wait
            self._log_change()
        if wait:
            logger.warning("TMDb asks us to wait: no requests for %.0f s.", wait)

    def failed(self) -> None:
        with self.lock:
            self.failures += 1
            self.probe_at = time.monotonic() + RETRY_AFTER
            self._log_change()

    def not_asked(self, is_probe: bool) -> None:
        """Let another request be the probe if this one, which never reached TMDb, was the probe."""
        if is_probe:
            with self.lock:
                self.probe_at = time.monotonic()

    def pause(self, topic: str, seconds: float) -> None:
        """Ask TMDb nothing about `topic` for `seconds`."""
        with self.lock:
            now = time.monotonic()
            is_new = self.paused_until.get(topic, 0) <= now
            if len(self.paused_until) >= MAX_TOPICS:
                running = {each: until for each, until in self.paused_until.items() if until > now}
                # Clients choose some topics, such as languages. Keep only the longest pauses.
                longest = sorted(running, key=lambda each: running[each])[-MAX_TOPICS // 2 :]
                self.paused_until = {each: running[each] for each in longest}
            self.paused_until[topic] = now + seconds
        if is_new:
            logger.warning("TMDb is not asked for %s for %.0f s.", topic, seconds)

    def is_paused(self, topic: str) -> bool:
        return time.monotonic() < self.paused_until.get(topic, 0)

    def _log_change(self) -> None:
        state = "closed" if self.failures < FAILURES_TO_OPEN else "open"
        if state != self.logged_state:
            self.logged_state = state
            logger.warning("TMDb is %s.", "back" if state == "closed" else "down")
