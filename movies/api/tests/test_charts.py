"""GET /api/movies/popular/ top-rated/ now-playing/ upcoming/"""

import pytest

pytestmark = pytest.mark.django_db

CHARTS = ["popular", "top-rated", "now-playing", "upcoming"]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_a_page_of_movies(client, chart):
    body = client.get(f"/api/movies/{chart}/").json()
    assert body["page"] == 1
    assert len(body["results"]) == 20


@pytest.mark.parametrize("chart", CHARTS)
def test_tmdb_gets_a_region_only_if_the_client_sends_one(client, tmdb, chart):
    client.get(f"/api/movies/{chart}/")
    client.get(f"/api/movies/{chart}/", {"region": "de"})
    path = f"/movie/{chart.replace('-', '_')}"
    first, second = (each for each in tmdb.requests()["latest"] if each["path"] == path)
    assert "region" not in first["query"]
    assert second["query"]["region"] == "DE"


@pytest.mark.parametrize("region", ["", "d", "deu", "d1", "ÄÖ", "\x00\x00"])
def test_an_invalid_region_is_rejected(client, region):
    response = client.get("/api/movies/popular/", {"region": region})
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == "region"


def test_popular_is_sorted_by_popularity_and_top_rated_by_rating(client):
    popular = client.get("/api/movies/popular/").json()["results"]
    assert popular == sorted(popular, key=lambda movie: -movie["popularity"])
    rated = client.get("/api/movies/top-rated/").json()["results"]
    assert rated == sorted(rated, key=lambda movie: -movie["vote_average"])


def test_upcoming_movies_have_no_votes_and_later_dates_than_those_in_cinemas(client):
    upcoming = client.get("/api/movies/upcoming/").json()["results"]
    assert {(movie["vote_average"], movie["vote_count"]) for movie in upcoming} == {(None, 0)}
    playing = client.get("/api/movies/now-playing/").json()["results"]
    assert max(movie["release_date"] for movie in playing) <= min(
        movie["release_date"] for movie in upcoming
    )
