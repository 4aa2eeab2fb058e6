import pytest
from django.test import Client
from django.utils import timezone

from movies.models import Movie
from movies.store import reading
from users.lists import writing
from users.models import FavoriteMovie, User
from users.tests.frontend import errors

PATH = "users/favorites/bulk/"


def refused(response) -> set[str]:
    assert response.status_code == 400
    assert not FavoriteMovie.objects.exists()
    return {attr for _, attr in errors(response)}


@pytest.mark.parametrize(
    "body, attr",
    [
        ({"add": [{"movie_id": 603}, {"movie_id": 603}]}, "add"),
        ({"add": [{"movie_id": 603}], "remove": [603]}, "remove"),
        ({"remove": [603, 603]}, "remove"),
        ({"add": [{"movie_id": 2**70}]}, "add.0.movie_id"),
        ({"add": [{"movie_id": "603"}]}, "add.0.movie_id"),
        ({"add": [603]}, "add.0.non_field_errors"),
        ({"add": {"movie_id": 603}}, "add.non_field_errors"),
        ({"remove": ["603"]}, "remove.0"),
        ({"remove": 603}, "remove"),
        ({"add": None}, "add"),
        ([], "non_field_errors"),
        ({"add": [{"movie_id": n} for n in range(1, 102)]}, "add.non_field_errors"),
        ({"remove": list(range(1, 102))}, "remove"),
        ({"remove": list(range(1, 10_001))}, "remove"),
    ],
)
def test_it_rejects_and_stores_nothing(ada, body, attr):
    assert attr in refused(ada.post(PATH, body))


@pytest.mark.parametrize(
    "moment",
    [
        "2999-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2020-W01-1T00:00:00Z",
        "20200101T000000Z",
        "2020-01-01",
        "2020-01-01T00",
        "2020-01-01T00:00Z",
        "2020-01-01t00:00:00z",
        "２０２０-01-01T00:00:00Z",
        "",
        0,
        None,
    ],
)
def test_added_at_is_a_valid_time_in_the_past(ada, moment):
    body = {"add": [{"movie_id": 603, "added_at": moment}]}
    assert refused(ada.post(PATH, body)) == {"add.0.added_at"}


def test_an_empty_call_does_nothing(ada):
    for body in ({}, {"add": [], "remove": []}):
        assert set(map(tuple, ada.post(PATH, body).json().values())) == {()}


def test_added_at_defaults_to_now(ada):
    before = timezone.now()
    ada.post(PATH, {"add": [{"movie_id": 603}]})
    assert before <= FavoriteMovie.objects.get().added_at <= timezone.now()


def test_above_the_limit_nothing_is_stored(ada, monkeypatch):
    monkeypatch.setattr(writing, "MAX_ENTRIES", 3)
    for movie_id in (603, 550):
        ada.post("users/favorites/", {"movie_id": movie_id})
    over = {"add": [{"movie_id": 13}, {"movie_id": 680}]}
    response = ada.post(PATH, over)
    assert response.status_code == 409
    assert errors(response) == {("list_full", None)}
    assert FavoriteMovie.objects.count() == 2
    # Removals in the same call make room.
    assert ada.post(PATH, over | {"remove": [603]}).status_code == 200
    assert ada.post("users/favorites/", {"movie_id": 603}).status_code == 409
    # Movies on the list may be added again, and other lists have room.
    assert ada.post("users/favorites/", {"movie_id": 13}).status_code == 200
    assert ada.post("users/watchlist/", {"movie_id": 603}).status_code == 201
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_movie_deleted_in_the_meantime_is_a_503(ada, monkeypatch):
    ada.get("movies/603/")
    monkeypatch.setattr(reading, "has_movies", lambda movie_ids: dict.fromkeys(movie_ids, True))
    Movie.objects.all().delete()
    response = ada.post("users/favorites/", {"movie_id": 603})
    assert response.status_code == 503
    assert errors(response) == {("service_unavailable", None)}


def test_other_integrity_errors_are_a_500(ada, monkeypatch):
    ada.get("movies/603/")
    ada.client = Client(raise_request_exception=False)
    monkeypatch.setattr(writing.timezone, "now", lambda: None)
    assert ada.post("users/favorites/", {"movie_id": 603}).status_code == 500
