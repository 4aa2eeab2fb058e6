"""X-Request-ID and the log lines of requests."""

import io
import json
import logging
import re

import pytest
from django.test import Client

from movie_recommendation_backend.http.request_log import JsonFormatter, RequestIdFilter
from movies.api import views

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64])
def test_an_id_from_the_client_is_used(client, given):
    response = client.get("/api/movies/genres/", headers={"x-request-id": given})
    assert response["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\nb", "é", "a;b", "a\n"])
def test_an_invalid_id_is_replaced(client, given):
    response = client.get("/api/movies/genres/", headers={"x-request-id": given})
    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])


@pytest.mark.parametrize(
    "path",
    ["/api/health/live/", "/nothing/", "/api/docs/", "/static/nothing.css", "/admin/"],
)
def test_every_response_has_one(client, path):
    assert client.get(path)["X-Request-ID"]


def test_every_log_line_of_a_request_has_its_id(client, tmdb, caplog):
    seen = []

    class Recorder(logging.Handler):
        def emit(self, record):
            seen.append((record.request_id, record.getMessage()))

    handler = Recorder()
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)
    try:
        tmdb.add_fault({"fault": "html"})
        client.get("/api/movies/search/?query=private", headers={"x-request-id": "mine"})
    finally:
        logging.getLogger().removeHandler(handler)
    assert len(seen) >= 2
    assert {each for each, _ in seen} == {"mine"}
    assert not any("private" in line for _, line in seen)
    assert any(re.fullmatch(r"GET /api/movies/search/ 503 \d+ms", line) for _, line in seen)


def test_a_path_cannot_forge_a_log_line(client, caplog):
    caplog.set_level(logging.INFO)
    client.get("/nothing%0AERROR%20forged")
    assert any("/nothing%0AERROR%20forged" in line for line in caplog.messages)
    assert not any("\n" in line for line in caplog.messages)


@pytest.fixture
def lines():
    """Return the parsed log lines in production's format."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_a_json_line_has_route_cache_status_and_upstream_count(client, tmdb, lines):
    client.get("/api/movies/603/?language=de", headers={"x-request-id": "mine"})
    client.get("/api/movies/603/?language=de")
    first, second = [line for line in lines() if line.get("status")]
    assert first.pop("ms") > 0
    assert first.pop("time").endswith("+00:00")
    assert first.pop("message").startswith("GET /api/movies/603/ 200 ")
    assert first.pop("route").startswith("api/movies/(?P<movie_id>")
    assert first == {
        "level": "INFO",
        "logger": "movie_recommendation_backend.http.request_log",
        "request_id": "mine",
        "method": "GET",
        "path": "/api/movies/603/",
        "status": 200,
        "cache": "catalogue; fwd=miss; stored",
        # The movie, and the names of the genres in its language.
        "upstream": 2,
    }
    assert "upstream" not in second
    assert second["cache"].startswith("catalogue; hit")


def test_a_crash_is_one_line_with_its_traceback(monkeypatch, lines):
    def crash(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(views, "page", crash)
    Client(raise_request_exception=False).get("/api/movies/trending/")
    [crashed] = [line for line in lines() if "traceback" in line]
    assert crashed["level"] == "ERROR"
    assert "RuntimeError: broken" in crashed["traceback"]


@pytest.mark.parametrize(
    "odd", [{"msg": "\ud800 password=hunter2"}, {"msg": "x", "facts": {"number": 2**70}}]
)
def test_a_line_that_orjson_refuses_is_written_without_its_secrets(odd):
    # Not logged, because a terminal cannot show it.
    line = JsonFormatter().format(logging.makeLogRecord(odd))
    assert json.loads(line)["message"] in ("\ud800 password=(left out)", "x")
    assert line.isascii()
