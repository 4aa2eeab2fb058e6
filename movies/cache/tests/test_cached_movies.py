"""The documents of movies: regions, redirects, related movies, and movies that do not exist."""

import pytest

from movies.tests.builders import detail_movie

pytestmark = pytest.mark.django_db

HIT = r"catalogue; hit; ttl="
STORED = "catalogue; fwd=miss; stored"


@pytest.fixture
def tmdb(backend, tmdb):
    return tmdb


def asked(tmdb, path: str) -> int:
    return tmdb.requests()["paths"].get(path, 0)


def test_that_a_movie_does_not_exist_is_cached_for_ten_minutes(client, tmdb, later):
    first, second = client.get("/api/movies/99999999/"), client.get("/api/movies/99999999/")
    assert (first.status_code, second.status_code) == (404, 404)
    assert first["Cache-Status"] == STORED
    assert second["Cache-Status"].startswith(HIT)
    assert second["Cache-Control"] in ("public, max-age=599", "public, max-age=600")
    assert asked(tmdb, "/movie/99999999") == 1
    later(minutes=10, seconds=1)
    tmdb.add_fault({"fault": "html", "path": "/movie/99999999"})
    assert client.get("/api/movies/99999999/").status_code == 503


def test_the_document_of_a_deleted_movie_is_replaced(client, tmdb, later):
    client.get("/api/movies/603/")
    later(days=2)
    tmdb.add_fault({"fault": "error", "status": 404, "code": 34, "path": "/movie/603"})
    assert client.get("/api/movies/603/").status_code == 404
    tmdb.clear_faults()
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    later(minutes=11)
    # Neither the old document nor the marked row is served.
    assert client.get("/api/movies/603/").status_code == 503


def test_one_request_for_a_movie_serves_all_regions_and_related_movies(client, tmdb):
    client.get("/api/movies/603/")
    for path in ("603/?region=DE", "603/?region=gb", "603/recommendations/", "603/similar/"):
        assert client.get(f"/api/movies/{path}")["Cache-Status"].startswith(HIT), path
    assert asked(tmdb, "/movie/603") == 1
    assert asked(tmdb, "/movie/603/recommendations") == asked(tmdb, "/movie/603/similar") == 0
    assert client.get("/api/movies/603/?region=DE").json()["certification"] == "16"
    assert client.get("/api/movies/603/?region=GB").json()["certification"] == "15"


def test_all_regions_become_stale_and_fresh_together(client, tmdb, later):
    for region in ("US", "DE"):
        client.get(f"/api/movies/603/?region={region}")
    later(hours=25)
    assert client.get("/api/movies/603/?region=DE")["Cache-Status"] == STORED
    assert client.get("/api/movies/603/?region=US")["Cache-Status"].startswith(f"{HIT}8")
    assert asked(tmdb, "/movie/603") == 2


def test_a_stale_movie_is_served_in_every_region(client, tmdb, later):
    client.get("/api/movies/603/")
    later(days=20)
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    response = client.get("/api/movies/603/?region=DE")
    assert response.json()["certification"] == "16"
    assert response["Cache-Status"].startswith("catalogue; hit; ttl=-")


def test_the_redirect_of_an_imdb_id_and_its_movie_are_cached_together(client, tmdb, later):
    first = client.get("/api/movies/tt0133093/?language=de")
    assert (first.status_code, first["Cache-Status"]) == (308, STORED)
    assert first["Cache-Control"].startswith("public, max-age=86")
    second = client.get("/api/movies/tt0133093/")
    assert second["Cache-Status"].startswith(HIT)
    assert client.get("/api/movies/603/?language=de")["Cache-Status"].startswith(HIT)
    assert asked(tmdb, "/movie/tt0133093") == 1
    assert asked(tmdb, "/movie/603") == 0
    assert client.get("/api/movies/tt9999999/").status_code == 404


@pytest.mark.parametrize("part", [[1], "x", 5, None, {"results": "x"}, {"results": [None]}])
def test_a_malformed_part_does_not_affect_the_others(client, tmdb, part):
    movie = detail_movie(recommendations=part)
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": movie, "times": 1})
    assert client.get("/api/movies/603/").status_code == 200
    assert client.get("/api/movies/603/similar/")["Cache-Status"].startswith(HIT)
    assert client.get("/api/movies/603/recommendations/")["Cache-Status"] == STORED
