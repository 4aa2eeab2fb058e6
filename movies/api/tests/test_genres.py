"""GET /api/movies/genres/, and the genre names in other answers."""

import pytest

from movies.genres import ENGLISH_GENRES
from movies.models import Genre

pytestmark = pytest.mark.django_db

URL = "/api/movies/genres/"


def test_all_genres_are_listed_by_name(client):
    body = client.get(URL).json()
    assert {genre["id"]: genre["name"] for genre in body["genres"]} == ENGLISH_GENRES


def test_genres_are_stored_only_in_the_sites_language(client):
    client.get(URL, {"language": "de"})
    assert not Genre.objects.exists()
    client.get(URL)
    assert Genre.objects.get(id=35).name == "Comedy"
    assert Genre.objects.count() == 19


def test_names_are_in_the_requested_language_in_all_answers(client):
    names = {
        genre["id"]: genre["name"] for genre in client.get(URL, {"language": "de"}).json()["genres"]
    }
    assert names[35] == "Komödie"
    movie = client.get("/api/movies/trending/", {"language": "de"}).json()["results"][0]
    assert [genre["name"] for genre in movie["genres"]] == [
        names[genre["id"]] for genre in movie["genres"]
    ]


def test_a_missing_name_is_replaced_by_the_english_one(client, tmdb):
    tmdb.add_fault(
        {
            "fault": "json",
            "path": "/genre",
            "body": {"genres": [{"id": 28, "name": "Acció"}, {"id": 35, "name": None}, {"id": 1}]},
        }
    )
    body = client.get(URL, {"language": "ca"}).json()
    assert body == {"genres": [{"id": 28, "name": "Acció"}, {"id": 35, "name": "Comedy"}]}


def test_names_are_fetched_once_for_each_language(client, tmdb):
    for page in (1, 2, 3):
        client.get("/api/movies/popular/", {"page": page})
    assert tmdb.requests()["paths"]["/genre/movie/list"] == 1


def test_a_page_is_served_with_english_names_if_others_cannot_be_fetched(client, tmdb):
    tmdb.add_fault({"fault": "html", "path": "/genre"})
    movie = client.get("/api/movies/popular/", {"language": "de"}).json()["results"][0]
    assert all(genre["name"] == ENGLISH_GENRES[genre["id"]] for genre in movie["genres"])
