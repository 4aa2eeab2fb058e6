"""The stand-in for TMDb: the demo over HTTP/1.1 with keep-alive, with faults on demand.

TMDb's paths are below /3. Two more paths control the stand-in:

    POST   /standin/faults    adds {"fault": "html", "path": "/movie/603", "times": 2}
    GET    /standin/faults    lists the pending faults
    DELETE /standin/faults    removes them
    GET    /standin/requests  shows {"total", "paths": {path: count}, "latest": [{path, query}]}
    DELETE /standin/requests  resets the counts

A fault applies to requests whose path, without /3, starts with `path`; without a `path` it applies
to all requests. It applies `times` times, or until it is removed. `faults` lists the faults and
their other keys.
"""

import json
import re
import socket
import sys
import threading
from collections import Counter, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import app
from .faults import FAULTS, checked

MAX_REMEMBERED = 1000  # latest requests, and paths with a count
MAX_BODY = 1024 * 1024  # bytes of a request
KEY = re.compile(r"[0-9a-fA-F]{32}")
TOKEN = re.compile(r"Bearer eyJ[\w.-]+")
JSON = "application/json;charset=utf-8"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "StandIn"
    # Otherwise small answers wait for the client's delayed acknowledgement of their headers.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        try:
            self.body = self.read_body()
            url = urlsplit(self.path)
        except ValueError:
            # The next request on this connection cannot be told apart from the body.
            self.close_connection = True
            return self.send_json(400, {"detail": "The request is malformed."})
        if url.path.startswith("/standin/"):
            return self.control(url.path)
        path = url.path.removeprefix("/3")
        self.server.count(path, url.query)
        fault = self.server.next_fault(path)
        if fault:
            return FAULTS[fault["fault"]](self, fault)
        return self.send(*self.true_answer())

    do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def read_body(self) -> bytes:
        """Read the whole body, as keep-alive requires. Raises ValueError for an invalid length."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,7}", length):
            raise ValueError("The body's length is missing or invalid.")
        if int(length) > MAX_BODY:
            raise ValueError("The body is too large.")
        return self.rfile.read(int(length))

    def true_answer(self) -> tuple[int, bytes]:
        """Return the HTTP status and the body that TMDb would send."""
        url = urlsplit(self.path)
        method = "GET" if self.command == "HEAD" else self.command
        status, body = app.answer(method, url.path, url.query)
        if not self.has_credentials(url.query):
            status, body = app.error_answer(7)
        return status, json.dumps(body, ensure_ascii=False).encode()

    def has_credentials(self, query: str) -> bool:
        """Return whether there is a key of 32 hex digits, or a bearer token in TMDb's form."""
        key = dict(parse_qsl(query)).get("api_key", "")
        token = self.headers.get("Authorization", "")
        return bool(KEY.fullmatch(key) or TOKEN.fullmatch(token))

    def send(self, status: int, body: bytes, content_type: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            # Tell the client, or it would use the connection again.
            self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_json(self, status: int, content: object) -> None:
        self.send(status, json.dumps(content).encode())

    def control(self, path: str) -> None:
        """Answer a request to one of the stand-in's own paths."""
        action = {
            ("GET", "/standin/faults"): self.server.pending_faults,
            ("POST", "/standin/faults"): lambda: self.server.add_fault(json.loads(self.body)),
            ("DELETE", "/standin/faults"): self.server.clear_faults,
            ("GET", "/standin/requests"): self.server.requests,
            ("DELETE", "/standin/requests"): self.server.forget_requests,
        }.get((self.command, path))
        if action is None:
            return self.send_json(404, {"detail": "There is no such path."})
        try:
            answer = action()
        except (ValueError, RecursionError) as error:
            return self.send_json(400, {"detail": str(error)})
        return self.send_json(200, answer)

    def log_message(self, *args: object) -> None:
        """Log nothing: requests are counted instead."""


class StandIn(ThreadingHTTPServer):
    """The server. If `port` is 0 it listens on a free one, which is part of `url`."""

    daemon_threads = True
    # In a load test, many clients connect at once.
    request_queue_size = 1024

    def __init__(self, port: int = 0, host: str = "127.0.0.1"):
        super().__init__((host, port), Handler)
        self.host = host
        self.lock = threading.Lock()
        self.faults: list[dict] = []
        self.forget_requests()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.server_port}/3"

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Print errors, except those of clients that hang up, which are expected."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def count(self, path: str, query: str) -> None:
        with self.lock:
            if path in self.paths or len(self.paths) < MAX_REMEMBERED:
                self.paths[path] += 1
            self.latest.append({"path": path, "query": dict(parse_qsl(query))})

    def requests(self) -> dict:
        """Return {"total", "paths": {path: count}, "latest": [{"path", "query"}]}."""
        with self.lock:
            return {
                "total": self.paths.total(),
                "paths": dict(self.paths),
                "latest": list(self.latest),
            }

    def forget_requests(self) -> dict:
        with self.lock:
            self.paths: Counter[str] = Counter()
            self.latest: deque[dict] = deque(maxlen=MAX_REMEMBERED)
        return {}

    def add_fault(self, fault: dict) -> dict:
        """Add a fault, and return it. Raises ValueError if it is not valid."""
        pending = checked(fault)
        with self.lock:
            self.faults.append(pending)
        return pending

    def pending_faults(self) -> list[dict]:
        with self.lock:
            return list(self.faults)

    def clear_faults(self) -> dict:
        with self.lock:
            self.faults.clear()
        return {}

    def next_fault(self, path: str) -> dict | None:
        """Return the first pending fault that applies to `path`, and count it as used once."""
        with self.lock:
            for fault in self.faults:
                if path.startswith(fault["path"]):
                    if fault.get("times") is not None:
                        fault["times"] -= 1
                        if fault["times"] <= 0:
                            self.faults.remove(fault)
                    return fault
        return None
