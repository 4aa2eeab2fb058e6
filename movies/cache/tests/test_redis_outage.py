"""While Redis is down, answers come from TMDb and the cache of the process."""

import threading

import pytest
from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection

pytestmark = pytest.mark.django_db

URL = "/api/movies/popular/"


def test_without_redis_all_questions_are_answered(client, own_redis, tmdb):
    own_redis.stop()
    for path in ("popular/", "603/", "603/similar/", "search/?query=x", "genres/", "tt0133093/"):
        assert client.get(f"/api/movies/{path}").status_code in (200, 308)


def test_without_redis_documents_are_kept_in_the_process(client, own_redis, tmdb):
    own_redis.stop()
    assert client.get(URL)["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert client.get(URL)["Cache-Status"].startswith("catalogue; hit")
    assert tmdb.requests()["paths"]["/movie/popular"] == 1


def test_redis_is_used_again_once_it_is_back(client, own_redis, tmdb, monkeypatch):
    monkeypatch.setattr(redis_connection, "PAUSE", 0)
    client.get(URL)
    own_redis.stop()
    client.get("/api/movies/upcoming/")
    own_redis.start()
    # The new Redis is empty, and documents from the outage are not used any more.
    assert client.get(URL)["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert client.get("/api/movies/upcoming/")["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert client.get(URL)["Cache-Status"].startswith("catalogue; hit")


def test_a_restart_of_redis_between_two_requests_is_not_an_outage(client, own_redis, tmdb):
    client.get(URL)
    own_redis.stop()
    own_redis.start()
    response = client.get(URL)
    assert response["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert redis_connection.shared()


def test_only_the_first_request_waits_for_a_frozen_redis(client, own_redis, tmdb, monkeypatch):
    failures = []
    note_failure = redis_connection.note_failure

    def count_failure(error: RedisError) -> None:
        failures.append(error)
        note_failure(error)

    monkeypatch.setattr(redis_connection, "note_failure", count_failure)
    monkeypatch.setattr(redis_connection, "PAUSE", 3600)
    client.get(URL)
    own_redis.freeze()
    try:
        for _ in range(20):
            assert client.get(URL).status_code == 200
    finally:
        own_redis.thaw()
    assert len(failures) == 1


def test_a_full_redis_is_still_read(client, own_redis, tmdb):
    client.get(URL)
    connection = redis_connection.shared()
    connection.config_set("maxmemory-policy", "noeviction")
    connection.config_set("maxmemory", "1")
    for number in range(3):
        assert client.get(f"/api/movies/search/?query={number}").status_code == 200
        assert client.get(URL)["Cache-Status"].startswith("catalogue; hit")
    assert tmdb.requests()["paths"]["/movie/popular"] == 1


def test_if_redis_fails_during_a_load_tmdb_is_asked_only_once(client, own_redis, tmdb):
    client.get("/api/movies/genres/")
    tmdb.add_fault({"fault": "latency", "seconds": 0.3, "path": "/movie/popular"})
    threading.Timer(0.15, own_redis.stop).start()
    assert client.get(URL).status_code == 200
    assert tmdb.requests()["paths"]["/movie/popular"] == 1
