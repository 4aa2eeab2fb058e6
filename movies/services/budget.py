"""The request budget: how often all workers together may ask TMDb."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from redis.exceptions import RedisError

from movies import redis_connection

from .exceptions import TMDbNotAsked

LONGEST_WAIT = 0.25  # seconds a request may wait for its turn
RESERVE = 0.25  # of the bucket, for refreshes and details

# A token bucket after the one in "Scaling your API with rate limiters" (P. Tarjan, Stripe,
# 2017), with a floor that not everybody may draw below. Redis' own clock, so that machines
# need not agree on theirs. Answers the seconds until there is a token, 0 if it was taken.
TAKE = """
local rate, capacity, floor = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local passed = math.max(0, now - (tonumber(bucket[2]) or now))
local tokens = math.min(capacity, (tonumber(bucket[1]) or capacity) + passed * rate)
local missing = floor + 1 - tokens
if missing > 0 then return tostring(missing / rate) end
redis.call('HSET', KEYS[1], 'tokens', tokens - 1, 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], 60)
return '0'
"""

_privileged: ContextVar[bool] = ContextVar("privileged", default=False)


class BudgetExhausted(TMDbNotAsked):
    """The workers have asked TMDb as often as they may; `retry_after` is when one may again."""


@contextmanager
def reserve() -> Iterator[None]:
    """Let what is asked inside draw on the last quarter of the budget: refreshes and details."""
    token = _privileged.set(True)
    try:
        yield
    finally:
        _privileged.reset(token)


class Budget:
    """A token bucket of `rate` requests a second, in Redis for all workers.

    Without Redis each of the `workers` has a bucket of its own with its share of the rate.
    """

    def __init__(self, rate: float, workers: int):
        self.rate = rate
        # A bucket of one could never hold the reserve and a token above it.
        self.capacity = max(2.0, rate)
        self.share = 1 / workers
        self.lock = Lock()
        self.tokens = max(2.0, self.capacity * self.share)
        self.at = time.monotonic()

    def take(self) -> None:
        """Take a token, after LONGEST_WAIT at most. Raises BudgetExhausted."""
        wait = self.seconds_to_wait()
        if 0 < wait <= LONGEST_WAIT:
            time.sleep(wait)
            wait = self.seconds_to_wait()
        if wait:
            raise BudgetExhausted("The request budget for TMDb is used up.", wait)

    def seconds_to_wait(self) -> float:
        """Take a token and return 0, or return the seconds until there will be one."""
        floor = 0 if _privileged.get() else self.capacity * RESERVE
        connection = redis_connection.shared()
        if connection:
            try:
                arguments = (self.rate, self.capacity, floor)
                return float(connection.eval(TAKE, 1, redis_connection.key("budget"), *arguments))
            except RedisError as error:
                redis_connection.note_failure(error)
        return self.seconds_to_wait_alone(floor)

    def seconds_to_wait_alone(self, floor: float) -> float:
        rate = self.rate * self.share
        capacity = max(2.0, self.capacity * self.share)
        floor = min(floor * self.share, capacity * RESERVE)
        with self.lock:
            now = time.monotonic()
            self.tokens = min(capacity, self.tokens + (now - self.at) * rate)
            self.at = now
            missing = floor + 1 - self.tokens
            if missing > 0:
                return missing / rate
            self.tokens -= 1
            return 0.0
