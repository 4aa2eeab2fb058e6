"""The faults of the stand-in: the ways in which it can answer a request wrongly."""

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable
from io import BufferedIOBase
from typing import Protocol


class Handler(Protocol):
    """What a fault uses of the request handler."""

    wfile: BufferedIOBase
    connection: socket.socket
    close_connection: bool

    def true_answer(self) -> tuple[int, bytes]: ...

    def send(self, status: int, body: bytes, content_type: str = ..., **headers: str) -> None: ...

    def send_response(self, status: int) -> None: ...

    def send_header(self, name: str, value: str) -> None: ...

    def end_headers(self) -> None: ...


# The `status_code` in the body of TMDb's errors, by HTTP status.
USUAL_CODES = {400: 22, 401: 7, 403: 45, 404: 34, 422: 5, 429: 25, 502: 43, 503: 9, 504: 24}


def delay(handler: Handler, fault: dict) -> None:
    """Send the true answer after `seconds`, 10 by default."""
    time.sleep(fault.get("seconds", 10))
    handler.send(*handler.true_answer())


def error(handler: Handler, fault: dict) -> None:
    """Send TMDb's error body with `status`, 500 by default, after `seconds`.

    Its `status_code` is `code`, or else the usual one. The Retry-After header is `retry_after`.
    """
    time.sleep(fault.get("seconds", 0))
    status = fault.get("status", 500)
    code = fault.get("code", USUAL_CODES.get(status, 11))
    body = {"success": False, "status_code": code, "status_message": "A fault on demand."}
    wait = fault.get("retry_after")
    headers = {} if wait is None else {"Retry_After": str(wait)}
    handler.send(status, json.dumps(body).encode(), **headers)


def html(handler: Handler, fault: dict) -> None:
    """Send a gateway's HTML page with `status`, 502 by default."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    handler.send(fault.get("status", 502), page, "text/html")


def redirect(handler: Handler, fault: dict) -> None:
    """Redirect to `location`, by default a path of this server."""
    handler.send(302, b"", Location=fault.get("location", "/3/movie/550"))


def truncate(handler: Handler, fault: dict) -> None:
    """Send half of the true body, with a Content-Length that fits it."""
    status, body = handler.true_answer()
    handler.send(status, body[: len(body) // 2])


def cut(handler: Handler, fault: dict) -> None:
    """Send half of the true body with the Content-Length of all of it, and close the connection."""
    status, body = handler.true_answer()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def drop(handler: Handler, fault: dict) -> None:
    """Reset the connection without an answer."""
    linger_for_no_time = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time)
    handler.close_connection = True


def bare_gzip(handler: Handler, fault: dict) -> None:
    """Send the true body gzipped, without Content-Encoding, as TMDb did in 2026."""
    status, body = handler.true_answer()
    handler.send(status, gzip.compress(body))


def huge(handler: Handler, fault: dict) -> None:
    """Send `megabytes` of JSON, 11 by default."""
    filling = "x" * (fault.get("megabytes", 11) * 1024 * 1024)
    handler.send(200, json.dumps({"results": [], "filling": filling}).encode())


def trickle_headers(handler: Handler, fault: dict) -> None:
    """Send a header without an end, a byte every `seconds`, for at most a minute."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(fault.get("seconds", 0.5))


def trickle(handler: Handler, fault: dict) -> None:
    """Send the true answer, a byte every `seconds`."""
    status, body = handler.true_answer()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for place in range(len(body)):
        handler.wfile.write(body[place : place + 1])
        handler.wfile.flush()
        time.sleep(fault.get("seconds", 0.5))


def substitute(handler: Handler, fault: dict) -> None:
    """Send `status`, 200 by default, with the JSON given as `body` or the text given as `raw`."""
    raw = fault.get("raw")
    content = raw if raw is not None else json.dumps(fault.get("body"))
    handler.send(fault.get("status", 200), content.encode("utf-8", "surrogatepass"))


FAULTS: dict[str, Callable[[Handler, dict], None]] = {
    "latency": delay,
    "error": error,
    "html": html,
    "redirect": redirect,
    "truncated": truncate,
    "cut": cut,
    "dropped": drop,
    "gzip": bare_gzip,
    "huge": huge,
    "trickle": trickle,
    "trickled-headers": trickle_headers,
    "json": substitute,
}

# The keys of a fault, and whether a value is valid for each.
VALUES: dict[str, Callable[[object], bool]] = {
    "fault": lambda value: value in FAULTS,
    "path": lambda value: isinstance(value, str) and value.startswith("/"),
    "times": lambda value: value is None or is_whole(value, 1, 10**6),
    "seconds": lambda value: isinstance(value, int | float) and 0 <= value <= 600,
    "status": lambda value: is_whole(value, 200, 599),
    "code": lambda value: is_whole(value, 0, 999),
    "retry_after": lambda value: is_whole(value, -(10**6), 10**9) or is_header(value),
    "location": lambda value: is_header(value),
    "megabytes": lambda value: is_whole(value, 1, 100),
    "raw": lambda value: isinstance(value, str),
    "body": lambda value: True,
}


def is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_header(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def checked(fault: object) -> dict:
    """Return a valid fault, with its path without /3. Raises ValueError with the reason."""
    if not isinstance(fault, dict) or not VALUES["fault"](fault.get("fault")):
        raise ValueError(f"fault must be one of {', '.join(FAULTS)}")
    for name, value in fault.items():
        if name not in VALUES or not VALUES[name](value):
            raise ValueError(f"{name} is not valid for a fault")
    return fault | {"path": fault.get("path", "/").removeprefix("/3")}
