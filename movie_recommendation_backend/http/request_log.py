"""Request ids in every response and log line, and one log line per request.

Logging is configured before the apps are loaded, so this module must not import them.
"""

import json
import logging
import os
import random
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from .scrubbing import scrubbed

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Where a request's facts are in its WSGI environment, once it has been answered.
FACTS = "movies.facts"

request_id: ContextVar[str] = ContextVar("request_id", default="-")
# What other modules have noted about the current request; None outside of requests.
_facts: ContextVar[dict[str, Any] | None] = ContextVar("facts", default=None)


def note(**facts: object) -> None:
    """Add `facts` to the current request's log line."""
    if (known := _facts.get()) is not None:
        known.update(facts)


def count_upstream() -> None:
    """Count a request to TMDb in the current request's log line."""
    if (known := _facts.get()) is not None:
        known["upstream"] = known.get("upstream", 0) + 1


class RequestIdFilter(logging.Filter):
    """Add the current request's id to each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def begin(given_id: str) -> str:
    """Return the id of the request that begins: the client's, if it is valid, or a new one."""
    # An id is no secret, and `os.urandom` would make the thread wait for the others.
    chosen = given_id if REQUEST_ID.fullmatch(given_id) else f"{random.getrandbits(128):032x}"
    # Not reset at the end: Django logs a 5xx after the outermost middleware. The thread's next
    # request sets its own id.
    request_id.set(chosen)
    return chosen


def log_request(facts: dict[str, Any], started: float) -> None:
    """Log a request that began at `started`, a time.perf_counter()."""
    if not logger.isEnabledFor(logging.INFO):
        return
    milliseconds = (time.perf_counter() - started) * 1000
    facts["ms"] = round(milliseconds, 1)
    record = logging.LogRecord.__new__(logging.LogRecord)
    now = time.time()
    record.__dict__ = {
        **_unchanging(os.getpid()),
        "args": (facts["method"], facts["path"], facts["status"], milliseconds),
        "created": now,
        "msecs": now % 1 * 1000,
        "facts": facts,
    }
    logger.handle(record)


@cache
def _unchanging(process: int) -> dict[str, Any]:
    """Return what the records of all requests have in common.

    `logger.info` would find it out anew each time, which takes longer than to write the line.
    """
    message = "%s %s %s %.0fms"
    return logger.makeRecord(logger.name, logging.INFO, __file__, 0, message, (), None).__dict__


class RequestIdMiddleware:
    """Give each request an id, return it in X-Request-ID, and log one line per request.

    If the client sends an id, it is used. The line contains the path but not the query: what
    people search for is private.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = begin(request.META.get("HTTP_X_REQUEST_ID", ""))
        facts: dict[str, Any] = {}
        _facts.set(facts)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = chosen
        facts["method"] = request.method
        facts["path"] = quote(scrubbed(request.path))
        facts["status"] = response.status_code
        if request.resolver_match:
            facts["route"] = request.resolver_match.route
        if cache := response.get("Cache-Status"):
            facts["cache"] = cache
        request.META[FACTS] = facts
        log_request(facts, started)
        return response


class LineFormatter(logging.Formatter):
    """Format a line for people, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


class JsonFormatter(logging.Formatter):
    """Format a record as a line of JSON, for machines, with the facts noted about a request."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
        }
        if facts := getattr(record, "facts", None):
            # The line of a request consists of its facts, which are scrubbed.
            line["message"] = record.getMessage()
            line |= facts
        else:
            line["message"] = scrubbed(record.getMessage())
        if record.exc_info:
            line["traceback"] = scrubbed(self.formatException(record.exc_info))
        try:
            return orjson.dumps(line).decode()
        except TypeError:
            # A text with lone surrogates, or a number of more than 64 bits.
            return json.dumps(line, cls=DjangoJSONEncoder)
