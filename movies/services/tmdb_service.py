"""The one module that speaks HTTP to TMDb (v3 REST API), or to the demo in its place.

`get` sends one request and returns TMDb's JSON object unchanged. It raises TMDbNotFound for a movie
that TMDb does not have, and another TMDbError if there is no usable answer (see `exceptions`).
"""

import logging
import re
import time
from collections.abc import Mapping
from functools import cache
from queue import Empty, LifoQueue

import requests
from django.conf import settings
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from movie_recommendation_backend.http.request_log import count_upstream
from movies.demo.adapter import DemoAdapter
from movies.load import Load

from . import health
from .bodies import parse_object, read_body, status_code
from .budget import Budget
from .exceptions import (
    TMDbBadResponse,
    TMDbError,
    TMDbNotAsked,
    TMDbNotFound,
    TMDbRateLimited,
    TMDbRefused,
    TMDbUnauthorized,
    TMDbUnavailable,
)
from .exchange import BACKOFF, CONNECT_TIMEOUT, Exchange, http_adapter, retry_after
from .health import Health

logger = logging.getLogger(__name__)

# TMDb's own status_code, not HTTP's: 6 and 34 with a 404, 44 with a 500.
NOT_FOUND_CODES = {6, 34, 44}
INVALID_ID = 44
# Never resolved: the demo answers in this process.
DEMO_URL = "https://demo.invalid/3"
MOVIE_PATH = re.compile(r"/movie/(tt)?[0-9]+(/|$)")

# Status, plain body, and the seconds of `Retry-After`.
RawAnswer = tuple[int, bytes, float | None]


class Session(requests.Session):
    """A session with one connection. It neither follows redirects nor parses their addresses.

    (With allow_redirects=False alone, `requests` still parses the address and reads the body.)
    """

    def __init__(
        self, base_url: str, api_key: str, read_token: str, adapter: BaseAdapter | None
    ) -> None:
        super().__init__()
        self.exchange = Exchange()
        # Ignore the environment: no proxies, and no .netrc of the machine's user.
        self.trust_env = False
        self.headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "movie-recommendation-backend",
        }
        if read_token:
            self.headers["Authorization"] = f"Bearer {read_token}"
        elif api_key:
            self.params = {"api_key": api_key}
        self.mount(base_url, adapter or http_adapter(self.exchange))

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class TMDbService:
    """A pool of sessions for one upstream, with its budget and its health."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str = "",
        read_token: str = "",
        connections: int = 10,
        adapter: BaseAdapter | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.base_url = base_url
        # The last one used comes first, because its connection is the likeliest to be open.
        self.sessions: LifoQueue[Session] = LifoQueue()
        for _ in range(connections):
            self.sessions.put(Session(base_url, api_key, read_token, adapter))
        self.health = Health()
        self.budget = budget

    def get(self, path: str, load: Load, **params: str) -> dict:
        """Send one request, and update the health."""
        is_probe = self.health.check()
        try:
            answer = self._judge(path, *self._exchange(path, load, params))
        except TMDbNotAsked:
            self.health.not_asked(is_probe)
            raise
        except TMDbNotFound:
            self.health.succeeded()
            raise
        except TMDbRateLimited as error:
            self.health.rate_limited(error.retry_after or 0)
            raise
        except TMDbRefused:
            self.health.refused()
            raise
        except TMDbError:
            self.health.failed()
            raise
        self.health.succeeded()
        return answer

    def _exchange(self, path: str, load: Load, params: Mapping[str, str]) -> RawAnswer:
        """Send a request until an answer can be judged. urllib3 retries everything but a 500."""
        if not load.has_time:
            raise TMDbNotAsked("No time is left to ask TMDb.")
        try:
            session = self.sessions.get(timeout=min(CONNECT_TIMEOUT, load.seconds_left))
        except Empty:
            raise TMDbNotAsked("All connections to TMDb are busy.") from None
        try:
            session.exchange.begin(load, self._take_budget)
            while True:
                answer = self._try(session, path, params)
                status, body, _ = answer
                # Whether to retry a 500 depends on TMDb's code for it, in the body.
                if status != 500 or status_code(body) == INVALID_ID:
                    return answer
                if not session.exchange.may_retry():
                    return answer
                time.sleep(BACKOFF)
        finally:
            self.sessions.put(session)

    def _take_budget(self, load: Load) -> None:
        if self.budget:
            self.budget.take(load)

    def _try(self, session: Session, path: str, params: Mapping[str, str]) -> RawAnswer:
        count_upstream()
        started_at = time.perf_counter()
        failure = None
        try:
            with session.get(
                self.base_url + path,
                params=params,
                # requests passes it on to urllib3, which its stubs do not know.
                timeout=session.exchange.timeout(),  # type: ignore[arg-type]
                allow_redirects=False,
                stream=True,
            ) as response:
                body = read_body(response)
                status = response.status_code
                wait = retry_after(response.raw)
        except (requests.RequestException, HTTPError) as error:
            failure = type(error).__name__
        milliseconds = (time.perf_counter() - started_at) * 1000
        logger.debug("GET %s: %s in %.0f ms", path, failure or status, milliseconds)
        if failure and self._is_cut_off(session.exchange):
            # The load's deadline ended the exchange: TMDb did not fail.
            raise TMDbNotAsked("The time to ask TMDb ran out.")
        if failure:
            # Not raised in the except block: the original error contains the URL with the v3 key.
            logger.warning("TMDb %s: %s", path, failure)
            raise TMDbUnavailable(f"No answer from TMDb ({failure}).")
        return status, body, wait

    def _is_cut_off(self, exchange: Exchange) -> bool:
        """Return whether the load's deadline has passed. Pause its topic if it waited long."""
        load, now = exchange.load, time.monotonic()
        if now < load.deadline:
            return False
        if load.topic and now - exchange.begun_at > load.slow_after:
            self.health.pause(load.topic, health.SLOW_PAUSE)
        return True

    def _judge(self, path: str, status: int, body: bytes, retry_after: float | None) -> dict:
        """Return the parsed body of a good answer. Raises a TMDbError for any other."""
        if status == 200:
            return self._accept(body)
        code = status_code(body)
        if code in NOT_FOUND_CODES and MOVIE_PATH.match(path):
            raise TMDbNotFound("TMDb has no such movie.")
        reason = f"HTTP {status}, TMDb's code {code}"
        if status in (401, 403):
            logger.error("TMDb refuses our credentials (%s).", reason)
            raise TMDbUnauthorized(f"TMDb refuses our credentials ({reason}).")
        logger.warning("TMDb %s: %s", path, reason)
        if status == 429:
            raise TMDbRateLimited("TMDb asks us to slow down.", retry_after)
        if status >= 500:
            raise TMDbUnavailable(f"TMDb failed ({reason}).", retry_after)
        if status >= 400:
            raise TMDbRefused(f"TMDb refused ({reason}).")
        raise TMDbBadResponse(f"TMDb answered {reason}.")

    @staticmethod
    def _accept(body: bytes) -> dict:
        answer = parse_object(body)
        if answer.get("success") is False or "status_code" in answer:
            raise TMDbBadResponse(
                f"TMDb sent an error with status 200 ({answer.get('status_code')})."
            )
        return answer


@cache
def service() -> TMDbService:
    """Return this process's service, as configured by the settings."""
    if settings.TMDB_DEMO:
        # The demo runs in this process and costs nothing, so it needs no budget.
        return TMDbService(DEMO_URL, adapter=DemoAdapter())
    return TMDbService(
        settings.TMDB_BASE_URL,
        api_key=settings.TMDB_API_KEY,
        read_token=settings.TMDB_READ_TOKEN,
        connections=settings.TMDB_CONNECTIONS,
        budget=Budget(settings.TMDB_REQUESTS_PER_SECOND, settings.WORKERS),
    )
