"""Retries and bodies: what `requests` leaves open about one HTTP exchange with TMDb."""

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader, MaxRetryError, ReadTimeoutError, ResponseError
from urllib3.util import Retry, Timeout

from .deadline import pool_classes
from .exceptions import TMDbBadResponse, TMDbNotAsked

CONNECT_TIMEOUT = 2.0  # seconds
READ_TIMEOUT = 5.0  # seconds
LONGEST_EXCHANGE = 10.0  # seconds, over all tries
SHORTEST_EXCHANGE = 0.5  # seconds; with less a healthy TMDb would often seem to fail
LONGEST_RETRY_AFTER = 2  # seconds that a request may wait because TMDb asks it to
RETRIES = 2
BACKOFF = 0.2  # seconds before the second retry, doubled from there
LARGEST_BODY = 10 * 1024 * 1024  # bytes, before and after decompression
CHUNK = 64 * 1024

# The exchange that this thread is at: its deadline, retries, and what each try must pay first.
exchange = threading.local()


@dataclass
class Load:
    """What is loaded together: when it must have ended, time.monotonic(), and the seconds that the
    exchange which waited longest in vain had waited when that was over.
    """

    ends_at: float
    waited_in_vain: float = 0.0


_load: ContextVar[Load | None] = ContextVar("load", default=None)


@contextmanager
def load_within(seconds: float) -> Iterator[Load]:
    """Bound all exchanges made inside, and the waiting between them, to `seconds` together."""
    outer = _load.get()
    load = Load(min(load_ends_at(), time.monotonic() + seconds))
    token = _load.set(load)
    try:
        yield load
    finally:
        _load.reset(token)
        if outer:
            outer.waited_in_vain = max(outer.waited_in_vain, load.waited_in_vain)


def load_ends_at() -> float:
    """Return the time.monotonic() when the load that this is part of must have ended."""
    load = _load.get()
    return load.ends_at if load else float("inf")


def is_cut_off() -> bool:
    """Say whether the load had to end, and note how long this thread's exchange, all its tries,
    had waited.
    """
    load = _load.get()
    if load is None or time.monotonic() < load.ends_at:
        return False
    load.waited_in_vain = max(load.waited_in_vain, time.monotonic() - exchange.begun_at)
    return True


def begin(pay: Callable[[], None]) -> None:
    """Begin an exchange of LONGEST_EXCHANGE; `pay` may raise TMDbNotAsked before any try."""
    exchange.begun_at = time.monotonic()
    exchange.ends_at = min(exchange.begun_at + LONGEST_EXCHANGE, load_ends_at())
    exchange.retries_left = RETRIES
    exchange.pay = pay
    pay()


def seconds_left() -> float:
    return exchange.ends_at - time.monotonic()


class DeadlineTimeout(Timeout):
    """The time-outs of one try, which shrink to what is left of the exchange."""

    def clone(self) -> Timeout:
        left = max(0.01, seconds_left())
        return Timeout(connect=min(CONNECT_TIMEOUT, left), read=min(READ_TIMEOUT, left))


def may_try_again(wait: float = 0) -> bool:
    """Take one of the exchange's retries, if time and budget are left for it."""
    if not exchange.retries_left or wait >= seconds_left():
        return False
    exchange.retries_left -= 1
    try:
        exchange.pay()
    except TMDbNotAsked:
        return False
    return True


class BoundedRetry(Retry):
    """urllib3's Retry, which gives up when the exchange's time or the budget is over.

    It also gives up on a read time-out (a slow TMDb is not made faster by asking again) and,
    at once, on a `Retry-After` longer than a request may wait.
    """

    def increment(self, method=None, url=None, response=None, error=None, _pool=None, **kwargs):
        wait = self.get_retry_after(response) or 0 if response is not None else 0
        hopeless = isinstance(error, ReadTimeoutError) or wait > LONGEST_RETRY_AFTER
        if hopeless or not may_try_again(wait):
            raise MaxRetryError(_pool, url, error or ResponseError("not tried again"))
        return super().increment(method, url, response, error, _pool, **kwargs)

    def get_retry_after(self, response) -> float | None:
        """Return the seconds that `Retry-After` asks for; None for none or nonsense."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None


def asked_wait(response) -> float | None:
    """Return the seconds, an hour at most, that a response's `Retry-After` asks for."""
    return BoundedRetry(retry_after_max=3600).get_retry_after(response)


def http_adapter(connections: int) -> HTTPAdapter:
    """Return the pooled adapter, retrying connect errors, drops, 429 and gateway errors."""
    retry = BoundedRetry(
        total=RETRIES,
        redirect=False,
        status_forcelist=(429, 502, 503, 504),
        allowed_methods={"GET"},
        backoff_factor=BACKOFF,
        backoff_jitter=BACKOFF / 2,
        raise_on_status=False,
        # One above the limit, so that BoundedRetry can tell a longer wait from the limit.
        retry_after_max=LONGEST_RETRY_AFTER + 1,
    )
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=retry)
    adapter.poolmanager.pool_classes_by_scheme = pool_classes(seconds_left)
    return adapter


def read_body(response) -> bytes:
    """Return the plain body of a streamed response.

    Gzip is known by its first bytes, not by its header: TMDb has sent compressed bodies
    without Content-Encoding, and the header without compression.

    Raises TMDbBadResponse: over LARGEST_BODY, or broken gzip.
    """
    body = bytearray()
    # read1 returns what has arrived; read would wait for a whole chunk, for ever if it trickles.
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TMDbBadResponse("The body is larger than 10 MB.")
    return gunzip(body) if body[:2] == b"\x1f\x8b" else bytes(body)


def gunzip(body: bytes) -> bytes:
    """Decompress `body`, which may end up no larger than LARGEST_BODY."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(body, LARGEST_BODY + 1)
    except zlib.error:
        plain = None
    if plain is None or not inflater.eof or len(plain) > LARGEST_BODY:
        raise TMDbBadResponse("The body's gzip is broken or unpacks to more than 10 MB.")
    return plain


def parse_object(body: bytes) -> dict:
    """Parse a JSON object. Raises TMDbBadResponse for anything else, NaN included."""
    try:
        parsed = json.loads(body, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise TMDbBadResponse("The body is not a JSON object.")
    return parsed


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
