"""Request ids: in every answer, and in every line that is logged during the request.

Logging is configured first of all, so this imports nothing that needs the applications.
"""

import logging
import re
import time
import uuid
from contextvars import ContextVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="-")


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
        begun = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        milliseconds = (time.perf_counter() - begun) * 1000
        path, status = quote(request.path), response.status_code
        logger.info("%s %s %s %.0fms", request.method, path, status, milliseconds)
        return response
