"""A movie that TMDb deletes stays on the lists, but cannot be added again."""

import pytest
from django.db.models import ProtectedError

from movies.models import Movie
from movies.tests.builders import detail_movie
from users.models import FavoriteMovie
from users.tests.frontend import Frontend, errors

LISTS = ["favorites", "watchlist", "watched", "hidden"]


@pytest.fixture
def vanished(ada, tmdb, later):
    """Movie 603 is on all lists of ada. Then TMDb deletes it and the cached document expires."""
    for name in LISTS:
        ada.post(f"users/{name}/", {"movie_id": 603})
    ada.post("users/ratings/", {"movie_id": 603, "rating": 9})
    ada.post("users/watchlist/", {"movie_id": 603})
    tmdb.add_fault({"fault": "error", "status": 404, "path": "/movie/603"})
    later(hours=25)
    assert ada.get("movies/603/").status_code == 404
    return ada


def test_it_stays_on_the_lists_and_in_the_export(vanished):
    for name in [*LISTS, "ratings"]:
        [entry] = vanished.get(f"users/{name}/").json()["results"]
        assert entry["movie"]["title"] == "The Matrix"
    export = b"".join(vanished.get("users/export/").streaming_content).decode()
    assert export.count("The Matrix") == 5


def test_its_entries_can_be_changed_and_removed(vanished):
    response = vanished.post("users/ratings/", {"movie_id": 603, "rating": 2})
    assert response.status_code == 200
    assert vanished.post("users/favorites/", {"movie_id": 603}).status_code == 200
    bulk = {"add": [{"movie_id": 603}]}
    assert vanished.post("users/favorites/bulk/", bulk).json()["unchanged"] == [603]
    assert vanished.call("delete", "users/favorites/603/").status_code == 204


def test_it_cannot_be_added_again(vanished):
    grace = Frontend()
    grace.register("grace")
    for name in LISTS:
        assert grace.post(f"users/{name}/", {"movie_id": 603}).status_code == 404
        bulk = {"add": [{"movie_id": 603}]}
        assert grace.post(f"users/{name}/bulk/", bulk).json()["not_found"] == [603]


def test_a_known_movie_is_added_without_asking_tmdb(ada, tmdb):
    ada.get("movies/603/")
    tmdb.forget_requests()
    assert ada.post("users/favorites/", {"movie_id": 603}).status_code == 201
    assert tmdb.requests()["total"] == 0


def test_an_unknown_movie_is_fetched_once(ada, tmdb):
    assert ada.post("users/favorites/", {"movie_id": 603}).status_code == 201
    for name in LISTS:
        ada.post(f"users/{name}/", {"movie_id": 603})
    assert tmdb.requests()["paths"]["/movie/603"] == 1
    assert Movie.objects.get(id=603).details


def test_a_cached_movie_is_stored_without_asking_tmdb(ada, tmdb):
    ada.get("movies/603/")
    Movie.objects.all().delete()
    tmdb.forget_requests()
    assert ada.post("users/favorites/", {"movie_id": 603}).status_code == 201
    assert tmdb.requests()["total"] == 0


@pytest.mark.parametrize("fault", [{"fault": "dropped"}, {"fault": "error", "status": 500}])
def test_while_tmdb_is_down_an_unknown_movie_is_a_503_and_not_stored(ada, tmdb, fault):
    tmdb.add_fault(fault)
    response = ada.post("users/favorites/", {"movie_id": 603})
    assert response.status_code == 503
    assert errors(response) == {("catalogue_unavailable", None)}
    assert int(response["Retry-After"]) >= 1
    assert not FavoriteMovie.objects.exists()
    assert not Movie.objects.exists()


def test_a_movie_on_a_list_cannot_be_deleted(ada):
    ada.post("users/hidden/", {"movie_id": 603})
    with pytest.raises(ProtectedError):
        Movie.objects.filter(id=603).delete()


def test_a_movie_without_a_date_and_a_long_title(ada, tmdb):
    title = "An exceedingly long title. " * 15
    movie = detail_movie(700, title=title, release_date="", poster_path=None)
    tmdb.add_fault({"fault": "json", "path": "/movie/700", "body": movie})
    entry = ada.post("users/favorites/", {"movie_id": 700}).json()
    assert entry["movie"]["title"] == title
    assert entry["movie"]["release_date"] is None
    for sort in ("title", "-title", "release_date", "-release_date", "rating"):
        [found] = ada.get(f"users/favorites/?sort={sort}").json()["results"]
        assert found == entry
