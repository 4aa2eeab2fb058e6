"""GET /api/health/live/ and ready/"""

import threading

import pytest
from django.db import OperationalError

from movie_recommendation_backend import health

pytestmark = pytest.mark.django_db(transaction=True)

READY = "/api/health/ready/"


@pytest.fixture(autouse=True)
def checks(monkeypatch):
    """Fresh checks by name, which tests may replace."""
    fresh = health.Checks(
        database=health.check_database, cache=health.check_cache, catalogue=health.check_catalogue
    )
    monkeypatch.setattr(health, "_checks", fresh)
    return fresh.checks


def test_live_needs_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/api/health/live/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "private, no-store"


def test_ready_shows_each_check(client):
    body = client.get(READY).json()
    assert body["status"] == "ok"
    assert {name: check["status"] for name, check in body["checks"].items()} == {
        "database": "ok",
        "cache": "ok",
        "catalogue": "ok",
    }
    assert all(check["ms"] >= 0 for check in body["checks"].values())
    assert body["checks"]["catalogue"]["source"] == "demo"


def test_it_sends_no_request_to_tmdb(client, tmdb):
    assert client.get(READY).json()["checks"]["catalogue"]["source"] == "tmdb"
    assert tmdb.requests()["total"] == 0


def test_it_shows_the_state_of_tmdb(client, tmdb, checks):
    check = checks["catalogue"]
    assert check() == {
        "status": "ok",
        "source": "tmdb",
        "breaker": "closed",
        "last_success_age": None,
    }
    client.get("/api/movies/popular/")
    assert check()["last_success_age"] >= 0
    tmdb.add_fault({"fault": "error", "status": 500})
    for movie_id in range(1, 6):
        client.get(f"/api/movies/{movie_id}/")
    assert (check()["status"], check()["breaker"]) == ("down", "open")
    assert client.get(READY).status_code == 200


@pytest.mark.parametrize("path", [READY, "/api/health/live/", "/api/health/ready"])
def test_any_host_and_plain_http_work(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.head(path).content == b""


def test_only_get_and_head_are_allowed(client):
    response = client.post(READY)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_without_the_database_it_is_degraded(client, monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError("away")

        def close(self):
            pass

    monkeypatch.setattr(health, "connection", Away())
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["checks"]["database"]["status"] == "down"


def test_it_is_a_503_if_every_check_fails(client, checks):
    checks.update(dict.fromkeys(checks, lambda: {"status": "down"}))
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json()["status"] == "down"
    assert response["Retry-After"]


def test_a_hanging_check_is_not_waited_for(client, checks):
    release = threading.Event()
    # Raises TypeError if it is not released within a minute.
    checks["cache"] = lambda: release.wait(60) and {"status": "ok"}
    try:
        # The response comes while the check still hangs.
        assert client.get(READY).json()["checks"]["cache"]["status"] == "down"
    finally:
        release.set()


def test_checks_are_reused(client, checks):
    calls = []
    checks["cache"] = lambda: calls.append(1) or {"status": "ok"}
    for _ in range(5):
        client.get(READY)
    assert len(calls) == 1


def test_it_shows_that_redis_is_down(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9"
    settings.CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": settings.REDIS_URL,
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.1},
        }
    }
    body = client.get(READY).json()
    assert body["status"] == "degraded"
    assert body["checks"]["cache"]["status"] == "down"
