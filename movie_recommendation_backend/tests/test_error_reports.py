"""Crashes are reported to Sentry (a stand-in) without anything that clients sent."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from movie_recommendation_backend.http.scrubbing import scrubbed

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]

SECRETS = [
    "correct horse 9",
    "ada@films.example",
    "ada%40films.example",
    "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
    "private",
]

# Runs in a separate process, because reporting cannot be stopped again.
CRASH = """
import logging
from movie_recommendation_backend.wsgi import application
from django.core.management import call_command
from django.db import IntegrityError
from django.test import RequestFactory
from users.accounts import actions

call_command("migrate", verbosity=0)
def register(**given):
    raise IntegrityError(f"duplicate\\nDETAIL:  Key (email)=({given['email']}) already exists.")

actions.register = register
request = RequestFactory().post(
    "/api/auth/register/?query=private",
    {"username": "ada", "email": "ada@films.example", "password": "correct horse 9"},
    content_type="application/json",
    headers={"authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "cookie": "a=private",
             "x-request-id": "mine", "host": "films.example"},
)
statuses = []
list(application(request.environ, lambda status, headers, *more: statuses.append(status)))
assert statuses == ["500 Internal Server Error"]
path = "/ada@films.example/eyJhbGciOiJIUzI1NiJ9.e30.c2ln"
request = RequestFactory().get(path, headers={"host": "films.example"})
list(application(request.environ, lambda *answer: None))
error = IntegrityError("dup\\nDETAIL:  Key (username)=(private) exists.")
logging.getLogger("users").warning("password=private, for the breadcrumbs")
logging.getLogger("users").error(
    "A mail to %s was lost: %r", "ada@films.example", error, extra={"to": "ada@films.example"}
)
"""


class Ingest(ThreadingHTTPServer):
    """A stand-in for Sentry's ingest endpoint, which collects the events it receives."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.envelopes: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def events(self) -> list[dict]:
        lines = [json.loads(line) for text in self.envelopes for line in text.splitlines() if line]
        return [line for line in lines if "event_id" in line and "level" in line]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.envelopes.append(body.decode())
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        return


@pytest.fixture
def ingest():
    with Ingest() as server:
        yield server
        server.shutdown()


def test_a_crash_is_reported_without_secrets(ingest, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.production",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "ALLOWED_HOSTS": "films.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "TMDB_DEMO": "true",
        "SENTRY_DSN": f"http://key@127.0.0.1:{ingest.server_port}/1",
    }
    finished = subprocess.run(
        [sys.executable, "-c", CRASH],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    crash, line = ingest.events()
    assert crash["exception"]["values"][-1]["type"] == "IntegrityError"
    assert crash["exception"]["values"][-1]["stacktrace"]["frames"]
    assert crash["request"] == {"method": "POST", "url": "http://films.example/api/auth/register/"}
    assert crash["tags"]["request_id"] == "mine"
    assert line["logentry"]["message"] == "A mail to %s was lost: %r"
    assert "breadcrumbs" not in crash | line or not line["breadcrumbs"]["values"]
    for sent in ("".join(ingest.envelopes), finished.stderr):
        assert [secret for secret in SECRETS if secret in sent] == []


@pytest.mark.parametrize(
    "text, expected",
    [
        ("redis://:secret@cache:6379/0", "redis://cache:6379/0"),
        ("postgres://ada:pa@ss/word@db/x", "postgres://db/x"),
        ("Authorization: Bearer opaque, x", "Authorization: (left out), x"),
        ("{'password': 'hunter2'}", "{'password': '(left out)'}"),
        ("host=db password=geheim dbname=x", "host=db password=(left out) dbname=x"),
        ("dup\\nDETAIL:  Key (username)=(ada) exists.", "dup\\nDETAIL: (left out)"),
        ("x\nDETAIL:  Failing row (1,\n ada).\n\nThe above", "x\nDETAIL: (left out)\n\nThe above"),
        ("/ada%40films.example/", "/(email)/"),
        ("a" * 1_000_000, "a" * 20_000 + "… (1000000 characters)"),
        ("postgres://ada:secret@db/x failed", "postgres://db/x failed"),
        ("to <ada@films.example>, now", "to <(email)>, now"),
        ("Key (email)=(ada@films.example)", "Key (email)=((email))"),
        ("x\nDETAIL:  Key (username)=(ada) exists.\n\ny", "x\nDETAIL: (left out)\n\ny"),
        ("Bearer eyJhbGciOi.eyJ1c2VyX2lk.c2lnbmF0", "Bearer (token)"),
        (
            "GET /3/movie/603?api_key=0123&language=de",
            "GET /3/movie/603?api_key=(left out)&language=de",
        ),
        ("GET /api/movies/603/ 200 4ms", "GET /api/movies/603/ 200 4ms"),
    ],
)
def test_texts_are_scrubbed(text, expected):
    assert scrubbed(text) == expected
