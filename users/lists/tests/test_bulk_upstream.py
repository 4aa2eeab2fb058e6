"""Bulk calls that fetch movies from TMDb: budget, throttles and timeouts."""

import time

import pytest

from movies.load import LONGEST_BUDGET_WAIT
from movies.models import Movie
from movies.services import budget
from movies.services.tmdb_service import service
from users.lists import writing
from users.tests.concurrency import at_once
from users.tests.frontend import Frontend

pytestmark = pytest.mark.slow

PATH = "users/favorites/bulk/"


def asked_for_movies(tmdb) -> int:
    paths = tmdb.requests()["paths"]
    return sum(n for path, n in paths.items() if path.startswith("/movie/"))


def wait_until(condition) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("the condition did not become true")


def demo_page(page, number: int) -> list[dict]:
    return page.get(f"movies/popular/?page={number}").json()["results"]


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
    unavailable = []

    def bulk():
        response = ada.post(PATH, {"add": [{"movie_id": 603}]})
        unavailable.extend(response.json()["unavailable"])
        return response

    def visit():
        # The bulk call comes first, and so leads the flight.
        wait_until(lambda: asked_for_movies(tmdb))
        return Frontend().get("movies/603/")

    assert at_once(bulk, visit) == [200, 200]
    assert unavailable == [603]
    # Our own timeout does not count as a failure of TMDb.
    assert service().health.failures == 0
