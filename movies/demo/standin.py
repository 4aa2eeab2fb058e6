"""The demo over real HTTP/1.1 with keep-alive, which can be broken at will.

TMDb's paths are under /3. Two paths of its own steer it:

    POST   /standin/faults    {"fault": "html", "status": 502, "path": "/movie/603", "times": 2}
    GET    /standin/faults    the faults that wait
    DELETE /standin/faults    clears them
    GET    /standin/requests  {"total", "paths": {path: count}, "latest": [{path, query}]}
    DELETE /standin/requests  counts from zero again

A fault strikes requests whose path (without /3) begins with `path` (all, if left out), `times`
times or until cleared; `faults` has which there are and what else each takes.
"""

import json
import re
import sys
import threading
from collections import Counter, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import app
from .faults import FAULTS, checked

LATEST = 1000  # requests that are remembered, and paths that are counted
LARGEST_BODY = 1024 * 1024  # bytes
KEY = re.compile(r"[0-9a-fA-F]{32}")
TOKEN = re.compile(r"Bearer eyJ[\w.-]+")
JSON = "application/json;charset=utf-8"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "StandIn"
    # Small answers must not wait for the client's delayed acknowledgement of their headers.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        try:
            self.body = self.read_body()
            url = urlsplit(self.path)
        except ValueError:
            # What follows on this connection cannot be told from the body.
            self.close_connection = True
            return self.send_json(400, {"detail": "The request is malformed."})
        if url.path.startswith("/standin/"):
            return self.steer(url.path)
        path = url.path.removeprefix("/3")
        self.server.count(path, url.query)
        fault = self.server.next_fault(path)
        if fault:
            return FAULTS[fault["fault"]](self, fault)
        return self.send(*self.true_answer())

    do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def read_body(self) -> bytes:
        """Read the request's body whole, as keep-alive needs it. Raises ValueError."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,7}", length):
            raise ValueError("only bodies of a given length")
        if int(length) > LARGEST_BODY:
            raise ValueError("too large")
        return self.rfile.read(int(length))

    def true_answer(self) -> tuple[int, bytes]:
        url = urlsplit(self.path)
        method = "GET" if self.command == "HEAD" else self.command
        status, body = app.answer(method, url.path, url.query)
        if not self.has_credentials(url.query):
            status, body = app.error_answer(7)
        return status, json.dumps(body, ensure_ascii=False).encode()

    def has_credentials(self, query: str) -> bool:
        """Say whether a key in TMDb's form is there: 32 hex digits, or a token as Bearer."""
        key = dict(parse_qsl(query)).get("api_key", "")
        token = self.headers.get("Authorization", "")
        return bool(KEY.fullmatch(key) or TOKEN.fullmatch(token))

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
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_json(self, status: int, content: object) -> None:
        self.send(status, json.dumps(content).encode())

    def steer(self, path: str) -> None:
        steered = {
            ("GET", "/standin/faults"): self.server.waiting_faults,
            ("POST", "/standin/faults"): lambda: self.server.add_fault(json.loads(self.body)),
            ("DELETE", "/standin/faults"): self.server.clear_faults,
            ("GET", "/standin/requests"): self.server.requests,
            ("DELETE", "/standin/requests"): self.server.forget_requests,
        }.get((self.command, path))
        if steered is None:
            return self.send_json(404, {"detail": "There is no such path."})
        try:
            answer = steered()
        except (ValueError, RecursionError) as error:
            return self.send_json(400, {"detail": str(error)})
        return self.send_json(200, answer)

    def log_message(self, *args) -> None:
        """Keep quiet: requests are counted instead."""


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
            if path in self.paths or len(self.paths) < LATEST:
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
        """Let a fault wait for its requests. Raises ValueError for one that cannot strike."""
        waiting = checked(fault)
        with self.lock:
            self.faults.append(waiting)
        return waiting

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
                if path.startswith(fault["path"]):
                    if fault.get("times") is not None:
                        fault["times"] -= 1
                        if fault["times"] <= 0:
                            self.faults.remove(fault)
                    return fault
        return None
