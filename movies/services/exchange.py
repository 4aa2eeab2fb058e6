"""One exchange with TMDb, including retries: how long it may take, and how often it may retry."""

import time
from collections.abc import Callable

from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import InvalidHeader, MaxRetryError, ReadTimeoutError, ResponseError
from urllib3.util import Retry, Timeout

from movies.load import Load

from .deadline import pool_classes
from .exceptions import TMDbNotAsked

CONNECT_TIMEOUT = 2.0  # seconds
READ_TIMEOUT = 5.0  # seconds
LONGEST_EXCHANGE = 10.0  # seconds, over all tries
LONGEST_RETRY_AFTER = 2  # seconds that a request may wait because TMDb asks it to
MAX_RETRY_AFTER = 3600  # seconds; a longer Retry-After counts as this
RETRIES = 2
BACKOFF = 0.2  # seconds before the second retry, doubled from there


class Exchange:
    """The exchange that one pooled connection is used for; a new one begins with `begin`."""

    def __init__(self) -> None:
        self.load = Load()
        self.take_budget: Callable[[Load], None] = lambda load: None
        self.begun_at = self.ends_at = 0.0
        self.retries_left = 0

    def begin(self, load: Load, take_budget: Callable[[Load], None]) -> None:
        """Begin an exchange of at most LONGEST_EXCHANGE; each try takes from the budget.

        Raises TMDbNotAsked if the budget is used up.
        """
        self.load, self.take_budget = load, take_budget
        self.begun_at = time.monotonic()
        self.ends_at = min(self.begun_at + LONGEST_EXCHANGE, load.deadline)
        self.retries_left = RETRIES
        take_budget(load)

    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()

    def may_retry(self, wait: float = 0) -> bool:
        """Take one of the retries, if enough time and budget are left for it after `wait`."""
        if not self.retries_left or wait >= self.seconds_left():
            return False
        self.retries_left -= 1
        try:
            self.take_budget(self.load)
        except TMDbNotAsked:
            return False
        return True

    def timeout(self) -> "ExchangeTimeout":
        return ExchangeTimeout(self)


class ExchangeTimeout(Timeout):
    """The time-outs of one try, which shrink to the time that is left of the exchange."""

    def __init__(self, exchange: Exchange):
        super().__init__()
        self.exchange = exchange

    def clone(self) -> Timeout:
        left = max(0.01, self.exchange.seconds_left())
        return Timeout(connect=min(CONNECT_TIMEOUT, left), read=min(READ_TIMEOUT, left))


class BoundedRetry(Retry):
    """urllib3's Retry, which gives up when the exchange's time or the budget is used up.

    It also gives up on a read time-out (retrying does not make a slow TMDb faster) and, at once,
    on a `Retry-After` longer than a request may wait.
    """

    exchange: Exchange

    @classmethod
    def of(cls, exchange: Exchange) -> "BoundedRetry":
        """Return the retries of connect errors, drops, 429 and gateway errors."""
        retry = cls(
            total=RETRIES,
            redirect=False,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods={"GET"},
            backoff_factor=BACKOFF,
            backoff_jitter=BACKOFF / 2,
            raise_on_status=False,
            # One above the limit, so that a longer wait can be told from the limit itself.
            retry_after_max=LONGEST_RETRY_AFTER + 1,
        )
        retry.exchange = exchange
        return retry

    def new(self, **changes):  # type: ignore[no-untyped-def]  # urllib3 types it by its own Self
        retry = super().new(**changes)
        retry.exchange = self.exchange
        return retry

    def increment(  # type: ignore[no-untyped-def]  # urllib3's own signature, passed on
        self, method=None, url=None, response=None, error=None, _pool=None, _stacktrace=None
    ):
        wait = self.get_retry_after(response) or 0 if response is not None else 0
        is_hopeless = isinstance(error, ReadTimeoutError) or wait > LONGEST_RETRY_AFTER
        if is_hopeless or not self.exchange.may_retry(wait):
            raise MaxRetryError(_pool, url, error or ResponseError("not tried again"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds that `Retry-After` asks for; None if it is missing or invalid."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None


def retry_after(response: BaseHTTPResponse) -> float | None:
    """Return the seconds, an hour at most, that a response's `Retry-After` asks for."""
    return BoundedRetry(retry_after_max=MAX_RETRY_AFTER).get_retry_after(response)


def http_adapter(exchange: Exchange) -> HTTPAdapter:
    """Return an adapter with one pooled connection. It keeps to the limits of `exchange`."""
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=BoundedRetry.of(exchange))
    adapter.poolmanager.pool_classes_by_scheme = pool_classes(exchange.seconds_left)
    return adapter
