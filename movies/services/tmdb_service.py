"""The one module that speaks HTTP to TMDb (v3 REST API), or to the demo that stands in for it.

Each method is one request and returns TMDb's JSON object as it came. All raise the tree of
`exceptions`: TMDbNotFound for a film that TMDb does not have, another TMDbError where there is
no usable answer.
"""

import logging
import re
import time
from collections.abc import Mapping
from functools import cache
from threading import BoundedSemaphore

import requests
from django.conf import settings
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from movie_recommendation_backend.http.request_log import count_upstream
from movies.demo.adapter import DemoAdapter

from . import transport
from .breaker import CircuitBreaker
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

logger = logging.getLogger(__name__)

# TMDb's own status_code, not HTTP's: 6 and 34 with a 404, 44 with a 500.
UNKNOWN_FILM_CODES = {6, 34, 44}
INVALID_ID = 44
LONGEST_QUIET = 60  # seconds that a 429 can keep us from asking
# Never resolved: the demo answers in this process.
DEMO_URL = "https://demo.invalid/3"
FILM_PATH = re.compile(r"/movie/(tt)?[0-9]+(/|$)")

DETAIL_PARTS = (
    "credits",
    "keywords",
    "videos",
    "release_dates",
    "watch/providers",
    "translations",
    "recommendations",
    "similar",
)
# A film's own language is known only from the answer, so its videos are asked for in the
# languages that nearly all films are made in.
VIDEO_LANGUAGES = (
    "en,fr,es,de,ja,it,ko,zh,cn,pt,ru,hi,sv,da,no,nl,fi,pl,cs,hu,tr,ar,fa,he,el,ro,th,id,ta,te,"
    "ml,kn,bn,mr,pa,ur,uk,sr,hr,bg,sk,sl,et,lv,lt,is,ka,vi,tl,ms,ca,eu,gl,sh,nb"
)


# Status, plain body, and the seconds of `Retry-After`.
Exchange = tuple[int, bytes, float | None]


class NoRedirects(requests.Session):
    """A session that does not even look where a redirect leads.

    With allow_redirects=False alone, `requests` still parses the address and reads the body.
    """

    def get_redirect_target(self, resp):
        return None


class TMDbService:
    """A pooled session with one upstream."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str = "",
        read_token: str = "",
        connections: int = 10,
        adapter: BaseAdapter | None = None,
        budget: Budget | None = None,
    ):
        self.base_url = base_url
        self.session = NoRedirects()
        # Nothing but what stands here: no proxies, no .netrc of the machine's user.
        self.session.trust_env = False
        self.session.headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "movie-recommendation-backend",
        }
        if read_token:
            self.session.headers["Authorization"] = f"Bearer {read_token}"
        elif api_key:
            self.session.params = {"api_key": api_key}
        self.session.mount(base_url, adapter or transport.http_adapter(connections))
        self.slots = BoundedSemaphore(connections)
        self.breaker = CircuitBreaker()
        self.quiet_until = 0.0  # time.monotonic()
        self.pay = budget.take if budget else lambda: None

    def trending(self, *, window: str, page: int, language: str) -> dict:
        return self._get(f"/trending/movie/{window}", page=page, language=language)

    def chart(self, name: str, *, page: int, language: str, region: str | None) -> dict:
        """Ask for `popular`, `top_rated`, `now_playing` or `upcoming`."""
        return self._get(f"/movie/{name}", page=page, language=language, region=region)

    def search(
        self, *, query: str, year: int | None, include_adult: bool, page: int, language: str
    ) -> dict:
        return self._get(
            "/search/movie",
            query=query,
            year=year,
            include_adult=str(include_adult).lower(),
            page=page,
            language=language,
        )

    def discover(self, *, page: int, language: str, filters: Mapping[str, object]) -> dict:
        """Ask `/discover/movie`; `filters` are TMDb's own parameters, such as `with_genres`."""
        return self._get(
            "/discover/movie", include_adult="false", page=page, language=language, **filters
        )

    def genres(self, *, language: str) -> dict:
        return self._get("/genre/movie/list", language=language)

    def movie(self, movie_id: int | str, *, language: str) -> dict:
        """Ask for a film by its TMDb or IMDb id, with all its parts in one request."""
        return self._get(
            f"/movie/{movie_id}",
            language=language,
            append_to_response=",".join(DETAIL_PARTS),
            include_video_language=f"{language.split('-')[0]},{VIDEO_LANGUAGES}",
        )

    def recommendations(self, movie_id: int, *, page: int, language: str) -> dict:
        return self._get(f"/movie/{movie_id}/recommendations", page=page, language=language)

    def similar(self, movie_id: int, *, page: int, language: str) -> dict:
        return self._get(f"/movie/{movie_id}/similar", page=page, language=language)

    def _get(self, path: str, **params: object) -> dict:
        """Ask TMDb, and let the circuit breaker know how it went."""
        quiet_for = self.quiet_until - time.monotonic()
        if quiet_for > 0:
            raise TMDbNotAsked("TMDb asked to be left in peace.", quiet_for)
        is_probe = self.breaker.before()
        try:
            answer = self._judge(path, *self._ask(path, params))
        except TMDbNotAsked:
            self.breaker.not_asked(is_probe)
            raise
        except TMDbNotFound:
            self.breaker.succeeded()
            raise
        except TMDbRateLimited as error:
            self.quiet_until = time.monotonic() + min(error.retry_after or 0, LONGEST_QUIET)
            self.breaker.refused()
            raise
        except TMDbRefused:
            self.breaker.refused()
            raise
        except TMDbError:
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        return answer

    def _ask(self, path: str, params: Mapping[str, object]) -> Exchange:
        """Exchange until there is an answer to judge; urllib3 has retried all but a 500."""
        left = transport.load_ends_at() - time.monotonic()
        if left < transport.SHORTEST_EXCHANGE:
            raise TMDbNotAsked("No time is left to ask TMDb.")
        if not self.slots.acquire(timeout=min(transport.CONNECT_TIMEOUT, left)):
            raise TMDbNotAsked("All connections to TMDb are busy.")
        try:
            transport.begin(self.pay)
            while True:
                exchanged = self._exchange(path, params)
                status, body, _ = exchanged
                # Whether a 500 may pass depends on TMDb's code for it, in the body.
                if status != 500 or tmdb_code(body) == INVALID_ID:
                    return exchanged
                if not transport.may_try_again():
                    return exchanged
                time.sleep(transport.BACKOFF)
        finally:
            self.slots.release()

    def _exchange(self, path: str, params: Mapping[str, object]) -> Exchange:
        count_upstream()
        begun = time.perf_counter()
        failure = None
        try:
            with self.session.get(
                self.base_url + path,
                params=params,
                timeout=transport.DeadlineTimeout(),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = transport.read_body(response)
                status = response.status_code
                wait = transport.asked_wait(response)
        except (requests.RequestException, HTTPError) as error:
            failure = type(error).__name__
        milliseconds = (time.perf_counter() - begun) * 1000
        logger.debug("GET %s: %s in %.0f ms", path, failure or status, milliseconds)
        if failure and transport.is_cut_off():
            # Cut off by us: no failure of TMDb's for the breaker.
            raise TMDbNotAsked("The time to ask TMDb was over.")
        if failure:
            # Raised here, not in the except block: the original holds the URL, and so the v3 key.
            logger.warning("TMDb %s: %s", path, failure)
            raise TMDbUnavailable(f"No answer from TMDb ({failure}).")
        return status, body, wait

    def _judge(self, path: str, status: int, body: bytes, retry_after: float | None) -> dict:
        """Return the parsed body of a good answer, else raise what it amounts to."""
        if status == 200:
            return self._accepted(body)
        code = tmdb_code(body)
        if code in UNKNOWN_FILM_CODES and FILM_PATH.match(path):
            raise TMDbNotFound("TMDb has no such film.")
        said = f"HTTP {status}, TMDb's code {code}"
        if status in (401, 403):
            logger.error("TMDb refuses our credentials (%s).", said)
            raise TMDbUnauthorized(f"TMDb refuses our credentials ({said}).")
        logger.warning("TMDb %s: %s", path, said)
        if status == 429:
            raise TMDbRateLimited("TMDb asks us to slow down.", retry_after)
        if status >= 500:
            raise TMDbUnavailable(f"TMDb failed ({said}).", retry_after)
        if status >= 400:
            raise TMDbRefused(f"TMDb refused ({said}).")
        raise TMDbBadResponse(f"TMDb answered {said}.")

    @staticmethod
    def _accepted(body: bytes) -> dict:
        answer = transport.parse_object(body)
        if answer.get("success") is False or "status_code" in answer:
            raise TMDbBadResponse(f"TMDb failed behind a 200 ({answer.get('status_code')}).")
        return answer


def tmdb_code(body: bytes) -> int | None:
    """Return the `status_code` of TMDb's error body, None where there is none."""
    try:
        code = transport.parse_object(body).get("status_code")
    except TMDbBadResponse:
        return None
    return code if isinstance(code, int) else None


@cache
def service() -> TMDbService:
    """Return this process's service, as the settings have it."""
    if settings.TMDB_DEMO:
        # In process it cannot fail and costs nobody anything: no budget.
        return TMDbService(DEMO_URL, adapter=DemoAdapter())
    return TMDbService(
        settings.TMDB_BASE_URL,
        api_key=settings.TMDB_API_KEY,
        read_token=settings.TMDB_READ_TOKEN,
        connections=settings.TMDB_CONNECTIONS,
        budget=Budget(settings.TMDB_REQUESTS_PER_SECOND, settings.WORKERS),
    )
