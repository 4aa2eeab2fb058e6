"""Request ids, in every answer and every line that is logged, and the line of the request itself.

Logging is configured first of all, so this imports nothing that needs the applications.
"""

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from .scrubbing import scrubbed

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="-")
# What the parts of the program have to say about the request that is being answered.
_facts: ContextVar[dict | None] = ContextVar("facts", default=None)


def note(**facts: object) -> None:
    """Add facts to the line of this request."""
    if (known := _facts.get()) is not None:
        known.update(facts)


def count_upstream() -> None:
    """Add a request to TMDb to the line of this request."""
    if (known := _facts.get()) is not None:
        known["upstream"] = known.get("upstream", 0) + 1


class RequestIdFilter(logging.Filter):
    """Put the request's id into every line that is logged during it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class RequestIdMiddleware:
    """Take over or make the request's id, send it back, and log one line a request.

    The line holds the path, never the query: what people search for is theirs.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        # Not reset at the end: Django logs a 5xx after the last middleware, and this thread's
        # next request brings an id of its own.
        request_id.set(given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex)
        _facts.set(facts := {})
        begun = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        milliseconds = (time.perf_counter() - begun) * 1000
        path, status = quote(scrubbed(request.path)), response.status_code
        facts |= {"method": request.method, "path": path, "status": status}
        facts |= {"ms": round(milliseconds, 1)}
        if request.resolver_match:
            facts["route"] = request.resolver_match.route
        if cache := response.get("Cache-Status"):
            facts["cache"] = cache
        line = "%s %s %s %.0fms", request.method, path, status, milliseconds
        logger.info(*line, extra={"facts": facts})
        return response


class LineFormatter(logging.Formatter):
    """A line for people, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines; a request's line holds what is known of it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "request_id": record.request_id,
            "message": scrubbed(record.getMessage()),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
