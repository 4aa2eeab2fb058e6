"""The request budget: how often all workers together may ask TMDb."""

import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from math import ceil
from threading import Lock

from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection
from movies import redis_keys

from .exceptions import TMDbNotAsked

WINDOW = 1.0  # seconds in which `rate` requests may go
LONGEST_WAIT = 0.25  # seconds that a request may wait for its turns, in all
# Up to which part of the budget who asks may use it up.
USUAL = 0.75
WITH_RESERVE = 1.0  # refreshes and details
IN_BULK = 0.5  # whoever asks for a hundred films leaves as much to everybody else

# A sliding window log: the times of the requests in the last WINDOW, in a sorted set.
# (The algorithm is described at https://redis.io/tutorials/howtos/ratelimiting/.) By Redis' own
# clock, so that machines need not agree on theirs. Answers 0 if the request may go, else the
# seconds until the oldest request that is in its way leaves the window.
TAKE = """
local window, limit, member = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.6f', now - window))
local taken = redis.call('ZCARD', KEYS[1])
if taken >= limit then
    local oldest = redis.call('ZRANGE', KEYS[1], taken - limit, taken - limit, 'WITHSCORES')
    return string.format('%.6f', math.max(0.001, oldest[2] + window - now))
end
redis.call('ZADD', KEYS[1], string.format('%.6f', now), member)
redis.call('EXPIRE', KEYS[1], math.ceil(window) + 1)
return '0'
"""

_part: ContextVar[float] = ContextVar("part", default=USUAL)
# What is left of LONGEST_WAIT for the request that is being answered: a list of one number.
_patience: ContextVar[list[float] | None] = ContextVar("patience", default=None)


class BudgetExhausted(TMDbNotAsked):
    """The workers have asked TMDb as often as they may; `retry_after` is when one may again."""


@contextmanager
def up_to(part: float) -> Iterator[None]:
    """Let what is asked inside use up the budget to this part of it."""
    token = _part.set(part)
    try:
        yield
    finally:
        _part.reset(token)


def reserve() -> AbstractContextManager[None]:
    """Let refreshes and details draw on the last quarter of the budget too, but not in bulk."""
    part = _part.get()
    return up_to(IN_BULK if part == IN_BULK else WITH_RESERVE)


@contextmanager
def one_patience() -> Iterator[None]:
    """Let all that is asked inside wait LONGEST_WAIT together."""
    token = _patience.set(_patience.get() or [LONGEST_WAIT])
    try:
        yield
    finally:
        _patience.reset(token)


class Budget:
    """`rate` requests in any second, counted in Redis for all workers.

    Without Redis each of the `workers` counts its own share; where that is less than one
    request a second, one in as many seconds as it takes.
    """

    def __init__(self, rate: int, workers: int):
        self.rate = rate
        self.share = max(1, rate // workers)
        self.share_window = WINDOW * self.share * workers / rate
        self.lock = Lock()
        self.log: deque[float] = deque()

    def take(self) -> None:
        """Take a turn, after some waiting where that is short. Raises BudgetExhausted."""
        patience = _patience.get() or [LONGEST_WAIT]
        while wait := self.seconds_to_wait():
            if wait > patience[0]:
                raise BudgetExhausted("The request budget for TMDb is used up.", wait)
            patience[0] -= wait
            time.sleep(wait)

    def seconds_to_wait(self) -> float:
        """Take a turn and return 0, or return the seconds until there may be one."""
        connection = redis_connection.healthy()
        if connection:
            try:
                arguments = (WINDOW, allowed(self.rate), uuid.uuid4().hex)
                return float(connection.eval(TAKE, 1, redis_keys.key("budget"), *arguments))
            except RedisError as error:
                redis_connection.note_failure(error)
        return self.seconds_to_wait_alone()

    def seconds_to_wait_alone(self) -> float:
        limit = allowed(self.share)
        with self.lock:
            now = time.monotonic()
            while self.log and self.log[0] <= now - self.share_window:
                self.log.popleft()
            if len(self.log) >= limit:
                return max(0.001, self.log[len(self.log) - limit] + self.share_window - now)
            self.log.append(now)
            return 0.0


def allowed(rate: int) -> int:
    """Return how many of `rate` requests the one that asks now may be the last of."""
    return ceil(rate * _part.get())
