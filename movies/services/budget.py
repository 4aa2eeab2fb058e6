"""The request budget: how often all workers together may ask TMDb."""

import time
import uuid
from collections import deque
from math import ceil
from threading import Lock

from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection
from movies import redis_keys
from movies.load import USUAL_SHARE, BudgetWait, Load

from .exceptions import TMDbNotAsked

WINDOW = 1.0  # seconds in which `rate` requests may be sent

# A sliding window log: the times of the requests in the last WINDOW, in a sorted set
# (https://redis.io/tutorials/howtos/ratelimiting/). Redis' own clock is used, so the clocks of the
# machines need not agree. Returns 0 if the request may be sent, else the seconds until the oldest
# request that blocks it leaves the window.
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


class BudgetExhausted(TMDbNotAsked):
    """The budget is used up; `retry_after` is the seconds until a request may be sent again."""


class Budget:
    """`rate` requests in any second, counted in Redis for all workers.

    Without Redis, each of the `workers` counts its own share. If a share is less than one request
    a second, the worker sends one request in a longer window instead.
    """

    def __init__(self, rate: int, workers: int):
        self.rate = rate
        self.process_rate = max(1, rate // workers)
        self.process_window = WINDOW * self.process_rate * workers / rate
        self.lock = Lock()
        self.log: deque[float] = deque()

    def take(self, load: Load) -> None:
        """Take a turn for one request, after a short wait if necessary. Raises BudgetExhausted."""
        waiting = load.budget_wait or BudgetWait()
        while wait := self.seconds_to_wait(load.budget_share):
            if wait > waiting.seconds_left:
                raise BudgetExhausted("The request budget for TMDb is used up.", wait)
            waiting.seconds_left -= wait
            time.sleep(wait)

    def seconds_to_wait(self, share: float = USUAL_SHARE) -> float:
        """Take a turn and return 0, or return the seconds until one may be free.

        `share` is the part of the budget that may be used up afterwards.
        """
        connection = redis_connection.healthy()
        if connection:
            try:
                arguments = (WINDOW, ceil(self.rate * share), uuid.uuid4().hex)
                return float(connection.eval(TAKE, 1, redis_keys.key("budget"), *arguments))
            except RedisError as error:
                redis_connection.note_failure(error)
        return self.seconds_to_wait_in_process(share)

    def seconds_to_wait_in_process(self, share: float) -> float:
        limit = ceil(self.process_rate * share)
        with self.lock:
            now = time.monotonic()
            while self.log and self.log[0] <= now - self.process_window:
                self.log.popleft()
            if len(self.log) >= limit:
                return max(0.001, self.log[len(self.log) - limit] + self.process_window - now)
            self.log.append(now)
            return 0.0
