"""A load: what one caller may spend on TMDb. It is passed as an argument, down to the socket.

The view or command that starts a load sets its limits; the cache and the service layer observe
them. The errors that can end a load are defined here too, so that the cache need not know TMDb.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

# How much of the request budget a load may use up. The last quarter is reserved for refreshes and
# details; a bulk call leaves half to everybody else.
USUAL_SHARE, FULL_SHARE, BULK_SHARE = 0.75, 1.0, 0.5
LONGEST_BUDGET_WAIT = 0.25  # seconds that a request waits for the budget, in total
SHORTEST_EXCHANGE = 0.5  # seconds; with less, a healthy TMDb would often seem to fail


class LoadFailed(Exception):
    """TMDb gave no usable answer; `retry_after` is the seconds to wait before asking again."""

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after


class LoadNotFound(LoadFailed):
    """TMDb answered that it does not have what was requested."""


class LoadNotAttempted(LoadFailed):
    """TMDb was not asked: a throttle, the budget, the deadline or TMDb's health forbade it."""


@dataclass
class BudgetWait:
    """The seconds that may still be spent on waiting for the budget."""

    seconds_left: float = LONGEST_BUDGET_WAIT


@dataclass(frozen=True)
class Load:
    """What one caller may spend on TMDb.

    `throttle` counts a request to TMDb against the client, and raises LoadNotAttempted if the
    client has sent too many; commands have no client. `deadline` is a time.monotonic(). A load
    with less time or budget than others `fails_alone`: the waiters of its flight do not fail with
    it. If the deadline ends an exchange that took more than `slow_after` seconds, the `topic` of
    the load is paused (see `services.health`).
    """

    throttle: Callable[[], None] = lambda: None
    deadline: float = float("inf")
    budget_share: float = USUAL_SHARE
    has_reserve: bool = True
    budget_wait: BudgetWait | None = None
    fails_alone: bool = False
    topic: str | None = None
    slow_after: float = float("inf")

    @property
    def seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    @property
    def has_time(self) -> bool:
        """Whether enough time is left for an exchange with TMDb."""
        return self.seconds_left >= SHORTEST_EXCHANGE

    def within(self, seconds: float) -> "Load":
        """Return this load with a deadline at most `seconds` away."""
        return replace(self, deadline=min(self.deadline, time.monotonic() + seconds))

    def with_one_wait(self) -> "Load":
        """Return this load with one LONGEST_BUDGET_WAIT for all its requests."""
        return self if self.budget_wait else replace(self, budget_wait=BudgetWait())

    def with_reserve(self) -> "Load":
        """Return this load with the whole budget, for refreshes and details."""
        return replace(self, budget_share=FULL_SHARE) if self.has_reserve else self

    def unthrottled(self) -> "Load":
        """Return this load for a further request, which does not count against the client."""
        return replace(self, throttle=lambda: None)

    def in_bulk(self, throttle: Callable[[], None]) -> "Load":
        """Return this load for many questions, each counted by `throttle`."""
        bulk = replace(
            self, throttle=throttle, budget_share=BULK_SHARE, has_reserve=False, fails_alone=True
        )
        return bulk.with_one_wait()
