"""The demo over real HTTP/1.1 with keep-alive, which can be broken at will.

TMDb's paths are under /3. Two paths of its own steer it:

    POST   /standin/faults    {"fault": "html", "status": 502, "path": "/movie/603", "times": 2}
    GET    /standin/faults    the faults that wait
    DELETE /standin/faults    clears them
    GET    /standin/requests  {"total", "paths": {path: count}, "latest": [{path, query}]}
    DELETE /standin/requests  counts from zero again

A fault strikes requests whose path (without /3) begins with `path` (all, if left out), `times`
times or until cleared. FAULTS says which there are and what else each takes.
"""

import gzip
import json
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import app

LATEST = 1000
KEY = re.compile(r"[0-9a-f]{32}")
JSON = "application/json;charset=utf-8"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "StandIn"
    # Small answers must not wait for the client's delayed acknowledgement of their headers.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/standin/"):
            return self.steer(url.path)
        path = url.path.removeprefix("/3")
        self.server.count(path, url.query)
        fault = self.server.next_fault(path)
        if fault:
            return FAULTS[fault["fault"]](self, fault)
        return self.send(*self.true_answer())

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def true_answer(self) -> tuple[int, bytes]:
        url = urlsplit(self.path)
        status, body = app.answer(self.command, url.path, url.query)
        if not self.has_credentials(url.query):
            status, body = app.error_answer(7)
        return status, json.dumps(body, ensure_ascii=False).encode()

    def has_credentials(self, query: str) -> bool:
        """Say whether a key in TMDb's form is there: 32 hex digits, or a token as Bearer."""
        key = dict(parse_qsl(query)).get("api_key", "")
        token = self.headers.get("Authorization", "")
        return bool(KEY.fullmatch(key) or re.fullmatch(r"Bearer eyJ[\w.-]+", token))

    def send(self, status: int, body: bytes, content_type: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            # Asked for by the client, who would otherwise use the connection again.
            self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def steer(self, path: str) -> None:
        length = int(self.headers.get("Content-Length", 0))
        steered = {
            ("GET", "/standin/faults"): self.server.waiting_faults,
            ("POST", "/standin/faults"): lambda: self.server.add_fault(json.loads(body)),
            ("DELETE", "/standin/faults"): self.server.clear_faults,
            ("GET", "/standin/requests"): self.server.requests,
            ("DELETE", "/standin/requests"): self.server.forget_requests,
        }.get((self.command, path))
        body = self.rfile.read(length)
        if steered is None:
            return self.send(404, b'{"detail": "no such path"}')
        try:
            answer = steered()
        except (KeyError, TypeError, ValueError) as error:
            return self.send(400, json.dumps({"detail": str(error)}).encode())
        return self.send(200, json.dumps(answer).encode())

    def log_message(self, *args) -> None:
        """Keep quiet: requests are counted instead."""


def delay(handler: Handler, fault: dict) -> None:
    """Answer truly after `seconds`."""
    time.sleep(fault.get("seconds", 10))
    handler.send(*handler.true_answer())


def error(handler: Handler, fault: dict) -> None:
    """Answer `status` with TMDb's error body; `code` and `retry_after` may be given."""
    code = fault.get("code", 11)
    body = {"success": False, "status_code": code, "status_message": "A fault on demand."}
    wait = fault.get("retry_after")
    headers = {} if wait is None else {"Retry_After": str(wait)}
    handler.send(fault.get("status", 500), json.dumps(body).encode(), **headers)


def html(handler: Handler, fault: dict) -> None:
    """Answer `status` with a gateway's HTML page."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    handler.send(fault.get("status", 502), page, "text/html")


def redirect(handler: Handler, fault: dict) -> None:
    """Answer 302 to `location`, a path of this server if not given."""
    handler.send(302, b"", Location=fault.get("location", "/3/movie/550"))


def truncate(handler: Handler, fault: dict) -> None:
    """Answer half of the true body as if it were whole."""
    status, body = handler.true_answer()
    handler.send(status, body[: len(body) // 2])


def cut(handler: Handler, fault: dict) -> None:
    """Promise the whole body, send half of it and close."""
    status, body = handler.true_answer()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def drop(handler: Handler, fault: dict) -> None:
    """Reset the connection without a word."""
    linger_for_no_time = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time)
    handler.close_connection = True


def bare_gzip(handler: Handler, fault: dict) -> None:
    """Answer gzip without saying so, as TMDb did in 2026."""
    status, body = handler.true_answer()
    handler.send(status, gzip.compress(body))


def huge(handler: Handler, fault: dict) -> None:
    """Answer `megabytes` of JSON."""
    filling = "x" * (fault.get("megabytes", 11) * 1024 * 1024)
    handler.send(200, json.dumps({"results": [], "filling": filling}).encode())


def trickle_headers(handler: Handler, fault: dict) -> None:
    """Send a header that never ends, a byte each `seconds`, for a minute at most."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(fault.get("seconds", 0.5))


def trickle(handler: Handler, fault: dict) -> None:
    """Answer truly, a byte each `seconds`."""
    status, body = handler.true_answer()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for place in range(len(body)):
        handler.wfile.write(body[place : place + 1])
        handler.wfile.flush()
        time.sleep(fault.get("seconds", 0.5))


def substitute(handler: Handler, fault: dict) -> None:
    """Answer `status` with any JSON given as `body`, or with the text given as `raw`."""
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


class StandIn(ThreadingHTTPServer):
    """The server; `port` 0 takes a free one, which `url` then has."""

    daemon_threads = True
    # Many clients connect at once in a load test.
    request_queue_size = 1024

    def __init__(self, port: int = 0, host: str = "127.0.0.1"):
        super().__init__((host, port), Handler)
        self.lock = threading.Lock()
        self.faults: list[dict] = []
        self.forget_requests()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]}:{self.server_address[1]}/3"

    def handle_error(self, request, client_address) -> None:
        """Overlook clients that hang up: they are part of the game."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def count(self, path: str, query: str) -> None:
        with self.lock:
            self.paths[path] += 1
            self.latest.append({"path": path, "query": dict(parse_qsl(query))})

    def requests(self) -> dict:
        with self.lock:
            return {
                "total": self.paths.total(),
                "paths": dict(self.paths),
                "latest": list(self.latest),
            }

    def forget_requests(self) -> dict:
        with self.lock:
            self.paths: Counter[str] = Counter()
            self.latest: deque[dict] = deque(maxlen=LATEST)
        return {}

    def add_fault(self, fault: dict) -> dict:
        """Let a fault wait for its requests. Raises ValueError for one that there is not."""
        if fault["fault"] not in FAULTS:
            raise ValueError(f"fault must be one of {', '.join(FAULTS)}")
        with self.lock:
            self.faults.append(dict(fault))
        return fault

    def waiting_faults(self) -> list[dict]:
        with self.lock:
            return list(self.faults)

    def clear_faults(self) -> dict:
        with self.lock:
            self.faults.clear()
        return {}

    def next_fault(self, path: str) -> dict | None:
        """Take the first fault that waits for `path`."""
        with self.lock:
            for fault in self.faults:
                if path.startswith(fault.get("path", "")):
                    if fault.get("times") is not None:
                        fault["times"] -= 1
                        if fault["times"] <= 0:
                            self.faults.remove(fault)
                    return fault
        return None
