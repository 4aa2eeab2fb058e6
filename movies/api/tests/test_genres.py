"""GET /api/movies/genres/, and the names of genres in other answers."""

import pytest

from movies.genres import ENGLISH_GENRES
from movies.models import Genre

pytestmark = pytest.mark.django_db

URL = "/api/movies/genres/"


def test_it_answers_all_genres_by_name(client):
    body = client.get(URL).json()
    assert {genre["id"]: genre["name"] for genre in body["genres"]} == ENGLISH_GENRES


def test_it_stores_them_in_the_sites_language_alone(client):
    client.get(URL, {"language": "de"})
    assert not Genre.objects.exists()
    client.get(URL)
    assert Genre.objects.get(id=35).name == "Comedy"
    assert Genre.objects.count() == 19


def test_names_follow_the_language_everywhere(client):
    names = {
        genre["id"]: genre["name"] for genre in client.get(URL, {"language": "de"}).json()["genres"]
    }
    assert names[35] == "Komödie"
    film = client.get("/api/movies/trending/", {"language": "de"}).json()["results"][0]
    assert [genre["name"] for genre in film["genres"]] == [
        names[genre["id"]] for genre in film["genres"]
    ]


def test_a_missing_name_stands_in_english(client, tmdb):
    tmdb.add_fault(
        {
            "fault": "json",
            "path": "/genre",
            "body": {"genres": [{"id": 28, "name": "Acció"}, {"id": 35, "name": None}, {"id": 1}]},
        }
    )
    body = client.get(URL, {"language": "ca"}).json()
    assert body == {"genres": [{"id": 28, "name": "Acció"}, {"id": 35, "name": "Comedy"}]}


def test_names_are_asked_once_a_language(client, tmdb):
    for page in (1, 2, 3):
        client.get("/api/movies/popular/", {"page": page})
    assert tmdb.requests()["paths"]["/genre/movie/list"] == 1


def test_a_page_is_never_refused_for_want_of_names(client, tmdb):
    tmdb.add_fault({"fault": "html", "path": "/genre"})
    film = client.get("/api/movies/popular/", {"language": "de"}).json()["results"][0]
    assert all(genre["name"] == ENGLISH_GENRES[genre["id"]] for genre in film["genres"])
