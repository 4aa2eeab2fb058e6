import time

import pytest
from django.test import Client
from django.utils import timezone

from movies.load import LONGEST_BUDGET_WAIT
from movies.models import Movie
from movies.services import budget
from movies.services.tmdb_service import service
from movies.store import reading
from users.accounts.tests.test_races import at_once
from users.lists import writing
from users.models import FavoriteMovie, User
from users.tests.frontend import Frontend, errors

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


def test_available_movies_are_stored_and_the_others_reported(ada, tmdb):
    """TMDb fails for one of the movies."""
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/550"})
    body = {"add": [{"movie_id": n} for n in (603, 550, 999_999_999)]}
    answer = ada.post(PATH, body).json()
    assert answer["added"] == [603]
    assert answer["unavailable"] == [550]
    assert answer["not_found"] == [999_999_999]


def test_a_hundred_unknown_movies_stay_within_the_budget(ada, tmdb, settings):
    settings.TMDB_REQUESTS_PER_SECOND = 20
    wanted = [movie["id"] for page in range(1, 6) for movie in demo_page(ada, page)]
    assert len(wanted) == 100
    Movie.objects.all().delete()
    tmdb.forget_requests()
    answer = ada.post(PATH, {"add": [{"movie_id": each} for each in wanted]}).json()
    assert sorted(answer["added"] + answer["unavailable"]) == sorted(wanted)
    asked = asked_for_movies(tmdb)
    # Some movies are stored together with others.
    assert asked <= len(answer["added"])
    # Half of the budget: 10 per second, and the call takes a second or two.
    assert 1 <= asked <= 30
    # The other half of the budget is left for other clients.
    assert ada.get("movies/search/?query=unasked").status_code == 200


def asked_for_movies(tmdb) -> int:
    paths = tmdb.requests()["paths"]
    return sum(n for path, n in paths.items() if path.startswith("/movie/"))


def demo_page(page, number: int) -> list[dict]:
    return page.get(f"movies/popular/?page={number}").json()["results"]


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


def test_each_upstream_request_counts_for_the_user(ada, tmdb, settings):
    settings.THROTTLE_USER = "6/min"
    wanted = [603, 550, 13, 680, 27205, 155, 278, 238, 424]
    answer = ada.post(PATH, {"add": [{"movie_id": each} for each in wanted]}).json()
    # The call itself counts as one of the six.
    assert asked_for_movies(tmdb) == 5
    assert answer["unavailable"]
    assert ada.get("users/profile/").status_code == 429


def test_bulk_calls_leave_budget_for_other_clients(ada, tmdb, settings):
    settings.TMDB_REQUESTS_PER_SECOND = 20
    settings.THROTTLE_ANON = "1000/min"
    unknown = [{"movie_id": each} for each in range(900_000_000, 900_000_100)]
    refused = 0
    for start in range(3):
        bulk = [each | {"movie_id": each["movie_id"] + 1000 * start} for each in unknown]
        assert ada.post(PATH, {"add": bulk}).json()["unavailable"]
        refused += ada.get(f"movies/search/?query=unasked{start}").status_code == 503
    assert refused == 0


def test_a_slow_catalogue_is_asked_until_the_timeout(ada, tmdb, monkeypatch):
    monkeypatch.setattr(writing, "BULK_TIMEOUT", 1.0)
    tmdb.add_fault({"fault": "latency", "seconds": 3, "path": "/movie/"})
    tmdb.forget_requests()
    body = {"add": [{"movie_id": each} for each in (603, 550, 13)]}
    answer = ada.post(PATH, body).json()
    assert answer["unavailable"] == [603, 550, 13]
    # The first request used up the time, so no other was sent.
    assert asked_for_movies(tmdb) == 1


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


def test_cached_movies_are_added_after_the_limit(ada, tmdb, settings):
    assert ada.get("movies/999999998/").status_code == 404
    ada.get("movies/13/")
    Movie.objects.all().delete()
    settings.THROTTLE_USER = "2/min"
    tmdb.forget_requests()
    wanted = [603, 550, 680, 999_999_998, 13]
    answer = ada.post(PATH, {"add": [{"movie_id": each} for each in wanted]}).json()
    assert (answer["added"], answer["unavailable"]) == ([603, 13], [550, 680])
    assert answer["not_found"] == [999_999_998]
    assert asked_for_movies(tmdb) == 1


def test_a_throttled_user_does_not_prevent_caching(ada, tmdb, settings):
    settings.THROTTLE_USER = "2/min"
    ada.post(PATH, {"add": [{"movie_id": 603}, {"movie_id": 550}]})
    said = [ada.get("movies/popular/")["Cache-Status"] for _ in range(2)]
    assert said[0] == "catalogue; fwd=miss; stored"
    assert said[1].startswith("catalogue; hit")


def test_the_total_wait_for_the_budget_is_bounded(ada, tmdb, settings, monkeypatch):
    settings.TMDB_REQUESTS_PER_SECOND = 20
    slept = []
    monkeypatch.setattr(budget.time, "sleep", lambda seconds: slept.append(seconds))
    unknown = [{"movie_id": each} for each in range(900_000_000, 900_000_100)]
    ada.post(PATH, {"add": unknown})
    assert sum(slept) <= LONGEST_BUDGET_WAIT


@pytest.mark.django_db(transaction=True)
def test_a_bulk_timeout_does_not_fail_other_waiters(tmdb, redis, monkeypatch):
    """A bulk call leads a single flight that a visitor with more time waits for."""
    monkeypatch.setattr(writing, "BULK_TIMEOUT", 0.8)
    tmdb.add_fault({"fault": "latency", "seconds": 1.5, "path": "/movie/603"})
    ada = Frontend()
    ada.register()
    answers = {}

    def bulk():
        answers["bulk"] = ada.post(PATH, {"add": [{"movie_id": 603}]}).json()

    def visit():
        time.sleep(0.3)
        return Frontend().get("movies/603/")

    def called(call):
        return lambda: call() or Answered

    class Answered:
        status_code = 200

    assert at_once(called(bulk), visit) == [200, 200]
    assert answers["bulk"]["unavailable"] == [603]
    # Our own timeout does not count as a failure of TMDb.
    assert service().health.failures == 0
