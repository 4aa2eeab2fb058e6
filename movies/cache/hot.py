"""Copies of finished responses, served in front of Django.

`HotCopies` wraps the WSGI application. When Django answers a GET from a fresh document, the
finished response is copied under the raw request: host, scheme, path, query and content coding.
Equal requests get the copy until the document becomes stale. Once in HOT_COPY_SECONDS, a look at
the document's key shows whether the cache still holds it.

Only what differs between two responses is written anew: the request id and the remaining
freshness. All other requests are passed on to Django.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings

from movie_recommendation_backend.http.conditional import accepts_gzip, matches
from movie_recommendation_backend.http.request_log import FACTS, begin, log_request

from . import counts, documents
from .answers import Answer, Source
from .documents import Document, Key
from .keeping import is_kept

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_COPIES, MAX_BYTES = 2000, 8_000_000
OVERHEAD = 2500  # bytes that a copy takes besides its body and the request, roughly
# Where a view leaves the key and the document of its answer in the WSGI environment.
OFFERED = "movies.offered"

ALWAYS_NEW = {"X-Request-ID", "Cache-Control", "Cache-Status"}
OF_THE_BODY = {"Content-Type", "Content-Encoding", "Content-Length"}

Headers = list[tuple[str, str]]


def clock() -> float:
    """Return the time that copies are checked by, which never steps back."""
    return time.monotonic()


def offer(environ: dict[str, Any], answer: Answer) -> None:
    """Let the response to this request be copied, if its answer is a fresh document."""
    if answer.source is Source.HIT and answer.document.status == 200 and answer.key:
        environ[OFFERED] = answer.key, answer.document


class HotCopy:
    """A response without what is always new. The cache held its document at `checked_at`."""

    def __init__(
        self,
        offered: tuple[Key, Document],
        headers: Headers,
        facts: dict[str, Any],
        checked_at: float,
    ):
        key, document = offered
        self.key, self.head = str(key), document.head
        self.group = key.group.name
        self.etag, self.fresh_until = document.etag, document.fresh_until
        self.checked_at = checked_at
        self.facts = facts
        is_gzipped = ("Content-Encoding", "gzip") in headers
        self.body = document.gzipped if is_gzipped else document.body
        self.headers = [each for each in headers if each[0] not in ALWAYS_NEW]
        self.headers_of_304 = [each for each in self.headers if each[0] not in OF_THE_BODY]
        # "public, max-age=42, ..." around the seconds.
        before, _, rest = dict(headers)["Cache-Control"].partition("max-age=")
        self.control = f"{before}max-age=", rest.lstrip("0123456789")

    def new_headers(self, request_id: str, now: float) -> Headers:
        seconds = str(int(self.fresh_until - now))
        return [
            ("X-Request-ID", request_id),
            ("Cache-Control", seconds.join(self.control)),
            ("Cache-Status", f"catalogue; hit; ttl={seconds}"),
        ]


class HotCopies:
    """A WSGI application that answers with copies of the responses of another one.

    At most MAX_COPIES copies of MAX_BYTES are held. Those that were not looked up in the cache for
    the longest time are dropped.
    """

    def __init__(self, application: "WSGIApplication"):
        self.application = application
        # Read once: each look into Django's settings takes a twentieth of such a request.
        self.check_after = settings.HOT_COPY_SECONDS
        self.copies: OrderedDict[tuple, HotCopy] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        started = time.perf_counter()
        name = (
            environ.get("HTTP_HOST"),
            environ.get("HTTP_X_FORWARDED_PROTO"),
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")),
        )
        copy, now = self.copies.get(name), documents.now()
        if copy is None or not self.is_usable(name, copy, now):
            return self.ask(name, environ, start_response)

        request_id = begin(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = copy.new_headers(request_id, now)
        facts = copy.facts | {"method": method, "cache": headers[-1][1]}
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and matches(if_none_match, copy.etag):
            facts["status"], body = 304, b""
            start_response("304 Not Modified", copy.headers_of_304 + headers)
        else:
            body = b"" if method == "HEAD" else copy.body
            start_response("200 OK", copy.headers + headers)
        counts.count(copy.group, Source.HIT.value)
        log_request(facts, started)
        return [body]

    def ask(
        self, name: tuple, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Pass the request on, and copy the response if its answer was offered."""
        started = clock()

        def keep_copy(status: str, headers: Headers, *exc_info: Any) -> Any:
            offered, facts = environ.get(OFFERED), environ.get(FACTS)
            if offered and facts and status == "200 OK" and environ["REQUEST_METHOD"] == "GET":
                self.add(name, HotCopy(offered, headers, facts, started))
            return start_response(status, headers, *exc_info)

        return self.application(environ, keep_copy)

    def is_usable(self, name: tuple, copy: HotCopy, now: float) -> bool:
        """Return whether a copy is fresh, looking at the cache if the last look is too old."""
        if now >= copy.fresh_until:
            return False
        started = clock()
        if started - copy.checked_at < self.check_after:
            return True
        if not is_kept(copy.key, copy.head):
            return False
        copy.checked_at = started
        with self.lock:
            # Only here, because a lock for every request would make threads wait for each other.
            if name in self.copies:
                self.copies.move_to_end(name)
        return True

    def add(self, name: tuple, copy: HotCopy) -> None:
        with self.lock:
            if replaced := self.copies.pop(name, None):
                self.bytes -= size(name, replaced)
            self.copies[name] = copy
            self.bytes += size(name, copy)
            while len(self.copies) > MAX_COPIES or self.bytes > MAX_BYTES:
                self.bytes -= size(*self.copies.popitem(last=False))


def size(name: tuple, copy: HotCopy) -> int:
    """Return the memory that a copy takes, in bytes, roughly."""
    return len(copy.body) + sum(len(part) for part in name if isinstance(part, str)) + OVERHEAD
