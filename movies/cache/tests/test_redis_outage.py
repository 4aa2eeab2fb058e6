"""Redis stopped, frozen and started again: answers come from TMDb and from this process."""

import threading
import time

import pytest

from movie_recommendation_backend import redis_connection

pytestmark = pytest.mark.django_db

URL = "/api/movies/popular/"


@pytest.fixture
def patient(monkeypatch):
    """Let the pause after a failure be over at once, as time would have it."""

    def recover() -> None:
        monkeypatch.setattr(redis_connection, "_paused_until", 0.0)

    return recover


def test_without_redis_everything_is_answered(client, own_redis, tmdb):
    own_redis.stop()
    for path in ("popular/", "603/", "603/similar/", "search/?query=x", "genres/", "tt0133093/"):
        assert client.get(f"/api/movies/{path}").status_code in (200, 308)


def test_while_it_is_away_this_process_remembers(client, own_redis, tmdb):
    own_redis.stop()
    assert client.get(URL)["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert client.get(URL)["Cache-Status"].startswith("catalogue; hit")
    assert tmdb.requests()["paths"]["/movie/popular"] == 1


def test_it_is_used_again_without_a_restart(client, own_redis, tmdb, patient):
    client.get(URL)
    own_redis.stop()
    client.get("/api/movies/upcoming/")
    own_redis.start()
    patient()
    # The new Redis is empty, and what served the outage is not carried over.
    assert client.get(URL)["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert client.get("/api/movies/upcoming/")["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert client.get(URL)["Cache-Status"].startswith("catalogue; hit")


def test_a_restart_between_two_requests_is_not_noticed(client, own_redis, tmdb):
    client.get(URL)
    own_redis.stop()
    own_redis.start()
    response = client.get(URL)
    assert response["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert redis_connection.shared()


def test_a_frozen_redis_costs_its_time_out_once(client, own_redis, tmdb):
    client.get(URL)
    own_redis.freeze()
    try:
        began = time.monotonic()
        for _ in range(20):
            assert client.get(URL).status_code == 200
        # Each request alone would wait two time-outs of 0.3 s; the pause spares the others.
        assert time.monotonic() - began < 5
    finally:
        own_redis.thaw()


def test_a_full_redis_is_still_read(client, own_redis, tmdb):
    client.get(URL)
    connection = redis_connection.shared()
    connection.config_set("maxmemory-policy", "noeviction")
    connection.config_set("maxmemory", "1")
    for number in range(3):
        assert client.get(f"/api/movies/search/?query={number}").status_code == 200
        assert client.get(URL)["Cache-Status"].startswith("catalogue; hit")
    assert tmdb.requests()["paths"]["/movie/popular"] == 1


def test_redis_lost_in_the_middle_of_a_load_costs_no_second_request(client, own_redis, tmdb):
    client.get("/api/movies/genres/")
    tmdb.add_fault({"fault": "latency", "seconds": 0.3, "path": "/movie/popular"})
    threading.Timer(0.15, own_redis.stop).start()
    assert client.get(URL).status_code == 200
    assert tmdb.requests()["paths"]["/movie/popular"] == 1
