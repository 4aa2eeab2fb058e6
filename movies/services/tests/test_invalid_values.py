"""Invalid and unusual values in a list from TMDb affect nothing but themselves."""

import json

import pytest

from movies.models import Movie
from movies.tests.builders import list_movie, list_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["popularity", "vote_average", "vote_count"])
@pytest.mark.parametrize("value", ["1" + "0" * 400, "1e400", "-1", '"x"', "[]", "true"])
def test_an_invalid_number_does_not_affect_other_fields(client, tmdb, name, value):
    body = json.dumps(list_page(list_movie(**{name: "HERE"}), list_movie(604)))
    raw = body.replace('"HERE"', value, 1)
    tmdb.add_fault({"fault": "json", "path": "/movie/popular", "raw": raw})
    response = client.get("/api/movies/popular/")
    assert response.status_code == 200
    assert [movie["id"] for movie in response.json()["results"]] == [603, 604]
    assert Movie.objects.count() == 2


def test_an_unusual_movie_and_the_rest_of_its_page_are_stored(client, tmdb):
    odd = list_movie(605, original_language="x" * 11, title="T" * 5000)
    tmdb.add_fault(
        {"fault": "json", "path": "/movie/popular", "body": list_page(list_movie(), odd)}
    )
    client.get("/api/movies/popular/")
    assert Movie.objects.count() == 2


def test_entries_that_are_not_movies_are_skipped(client, tmdb):
    strange = [None, 7, {}, {"id": "x", "title": "y"}, {"id": True, "title": "y"}, {"id": 2**40}]
    strange += [list_movie(1, media_type="tv"), list_movie(604, title="", original_title=None)]
    movie = list_movie(
        605, release_date="", genre_ids=None, vote_count=0, vote_average=0, poster_path=""
    )
    bare = {"id": 606, "title": "Bare"}
    tmdb.add_fault(
        {"fault": "json", "path": "/movie/popular", "body": list_page(*strange, movie, bare)}
    )
    body = client.get("/api/movies/popular/").json()
    assert [each["id"] for each in body["results"]] == [605, 606]
    assert body["results"][0]["vote_average"] is None
    assert set(Movie.objects.values_list("id", flat=True)) == {605, 606}


@pytest.mark.parametrize(
    "sent, answered",
    [(57_004, 500), (500, 500), (0, 0), (1, 1), (-3, 0), ("many", 0), (None, 0)],
)
def test_the_number_of_pages_is_limited_to_those_that_tmdb_serves(client, tmdb, sent, answered):
    page = list_page(list_movie(), total_pages=sent)
    tmdb.add_fault({"fault": "json", "path": "/movie/popular", "body": page})
    assert client.get("/api/movies/popular/").json()["total_pages"] == answered
