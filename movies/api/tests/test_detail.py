"""GET /api/movies/{id}/"""

import pytest

from movies.models import Movie
from movies.tests.builders import detail_movie

from .details import get, send

pytestmark = pytest.mark.django_db


def test_details_contain_everything_about_a_movie(client):
    movie = get(client)
    assert (movie["id"], movie["title"], movie["imdb_id"]) == (603, "The Matrix", "tt0133093")
    assert movie["runtime"] == 136
    assert [person["name"] for person in movie["directors"]] == [
        "Lana Wachowski",
        "Lilly Wachowski",
    ]
    assert (movie["cast"][0]["name"], movie["cast"][0]["order"]) == ("Keanu Reeves", 0)
    assert movie["collection"]["name"] == "The Matrix Collection"
    assert movie["certification"] == "R"
    assert movie["overview_language"] == "en-US"


def test_one_request_to_tmdb_fetches_everything(client, tmdb):
    get(client, language="uk", region="UA")
    asked = tmdb.requests()["latest"][0]
    assert asked["path"] == "/movie/603"
    assert set(asked["query"]["append_to_response"].split(",")) == {
        "credits",
        "keywords",
        "videos",
        "release_dates",
        "watch/providers",
        "translations",
        "recommendations",
        "similar",
    }
    assert {"en", "ja", "uk"} <= set(asked["query"]["include_video_language"].split(","))


@pytest.mark.parametrize(
    "movie_id",
    ["0", "00603", "-603", "603.0", "2147483648", "9" * 30, "abc", "tt", "tt123", "tt12345678901",
     "TT0133093", "٦٠٣", "603%00", "%00", "6 03", "tt0133093x"],
)  # fmt: skip
def test_an_invalid_id_is_a_404_without_asking_tmdb(client, tmdb, movie_id):
    response = client.get(f"/api/movies/{movie_id}/")
    assert response.status_code == 404
    assert tmdb.requests()["total"] == 0


def test_a_movie_that_tmdb_does_not_have_is_a_404(client):
    assert client.get("/api/movies/999999999/").status_code == 404
    assert client.get("/api/movies/tt9999999/").status_code == 404


def test_a_movie_that_tmdb_deletes_is_marked_until_it_is_back(client, tmdb, later):
    get(client)
    later(days=2)
    tmdb.add_fault({"fault": "error", "path": "/movie/603", "status": 404, "code": 34, "times": 1})
    assert client.get("/api/movies/603/").status_code == 404
    assert Movie.objects.get(id=603).gone_at
    later(minutes=11)
    get(client)
    assert Movie.objects.get(id=603).gone_at is None


def test_an_imdb_id_redirects_to_the_tmdb_id_and_keeps_the_query(client):
    response = client.get("/api/movies/tt0133093/?language=de&region=de")
    assert response.status_code == 308
    assert response["Location"] == "/api/movies/603/?language=de&region=de"


def test_details_of_another_movie_are_not_accepted(client, tmdb):
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": detail_movie(550)})
    assert client.get("/api/movies/603/").status_code == 503
    assert not Movie.objects.exists()


def test_the_cast_is_the_first_20_in_billing_order_and_directors_are_unique(client, tmdb):
    cast = [{"id": n + 1, "name": f"A{n}", "order": n, "character": ""} for n in range(30)]
    crew = [
        {"id": 7, "name": "D", "job": "Director", "profile_path": "/d.jpg"},
        {"id": 7, "name": "D", "job": "Writer"},
        {"id": 7, "name": "D", "job": "Director"},
    ]
    send(tmdb, credits={"cast": cast[::-1], "crew": crew})
    movie = get(client)
    assert [actor["order"] for actor in movie["cast"]] == list(range(20))
    assert movie["cast"][0]["character"] is None
    assert movie["directors"] == [
        {"id": 7, "name": "D", "profile_url": "https://image.tmdb.org/t/p/w185/d.jpg"}
    ]


def test_image_urls_have_the_expected_sizes(client, tmdb):
    send(tmdb)
    movie = get(client)
    assert movie["poster_url"] == "https://image.tmdb.org/t/p/w500/poster.jpg"
    assert movie["backdrop_url"] == "https://image.tmdb.org/t/p/w1280/back.jpg"
    assert movie["collection"] == {
        "id": 2344,
        "name": "The Matrix Collection",
        "poster_url": "https://image.tmdb.org/t/p/w500/collection.jpg",
        "backdrop_url": "https://image.tmdb.org/t/p/w1280/back.jpg",
    }
