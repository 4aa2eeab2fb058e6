"""Concurrent changes, each on its own database connection."""

import random

import pytest

from movies.models import Movie
from users.lists import writing
from users.models import FavoriteMovie, WatchedMovie, Watchlist
from users.tests.concurrency import at_once
from users.tests.frontend import PASSWORD, Frontend

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATH = "users/favorites/"


@pytest.fixture
def page(settings):
    settings.THROTTLE_USER = settings.THROTTLE_LOGIN = "100000/min"
    frontend = Frontend()
    frontend.register()
    frontend.get("movies/603/")
    frontend.get("movies/popular/")
    return frontend


def add(page, movie_id=603):
    return page.post(PATH, {"movie_id": movie_id})


def test_fifty_concurrent_additions_create_one_row(page):
    statuses = at_once(*[lambda: add(page)] * 50)
    assert sorted(statuses) == [200] * 49 + [201]
    assert FavoriteMovie.objects.count() == 1


def test_fifty_concurrent_additions_of_a_new_movie_create_one_row(page):
    Movie.objects.all().delete()
    statuses = at_once(*[lambda: add(page)] * 50)
    assert sorted(statuses) == [200] * 49 + [201]
    assert FavoriteMovie.objects.count() == 1


def test_fifty_concurrent_additions_and_removals_leave_at_most_one_row(page):
    def remove():
        return page.call("delete", f"{PATH}603/")

    statuses = at_once(*[lambda: add(page), remove] * 25)
    assert set(statuses) <= {200, 201, 204, 404}
    assert statuses.count(201) - statuses.count(204) == FavoriteMovie.objects.count()
    assert FavoriteMovie.objects.count() <= 1


def test_overlapping_bulk_calls_never_deadlock(page):
    ids = list(Movie.objects.values_list("id", flat=True)[:20])
    grace = Frontend()
    grace.register("grace")

    def bulk(each, seed: int):
        chance = random.Random(seed)
        mixed = chance.sample(ids, len(ids))
        body = {"add": [{"movie_id": n} for n in mixed[:12]], "remove": mixed[12:]}
        return each.post(f"{PATH}bulk/", body)

    for round_ in range(5):
        calls = [
            lambda seed=seed: bulk([page, grace][seed % 2], round_ * 8 + seed) for seed in range(8)
        ]
        assert at_once(*calls) == [200] * 8
    for each in (page, grace):
        # Each call adds 12 of the movies and removes the others, so the last one decides.
        entries = each.get(f"{PATH}?page_size=100").json()["results"]
        assert len({entry["movie"]["id"] for entry in entries}) == len(entries) == 12


def test_concurrent_additions_do_not_exceed_the_limit(page, monkeypatch):
    monkeypatch.setattr(writing, "MAX_ENTRIES", 5)
    ids = list(Movie.objects.values_list("id", flat=True)[:20])
    statuses = at_once(*[lambda each=each: add(page, each) for each in ids])
    assert sorted(statuses) == [201] * 5 + [409] * 15
    assert FavoriteMovie.objects.count() == 5


def test_concurrent_watched_and_watchlist_changes_are_atomic(page):
    page.post("users/watchlist/", {"movie_id": 603})
    statuses = at_once(
        *[lambda: page.post("users/watched/", {"movie_id": 603})] * 10,
        *[lambda: page.post("users/watchlist/", {"movie_id": 603})] * 10,
    )
    assert set(statuses) <= {200, 201}
    assert WatchedMovie.objects.count() == 1
    assert Watchlist.objects.count() <= 1


@pytest.mark.parametrize("_", range(3))
def test_a_deletion_during_additions_leaves_nothing(page, _):
    ids = list(Movie.objects.values_list("id", flat=True)[:10])
    statuses = at_once(
        *[lambda each=each: add(page, each) for each in ids],
        lambda: page.post("users/profile/delete/", {"password": PASSWORD}),
    )
    assert statuses[-1] == 204
    assert set(statuses[:-1]) <= {201, 401}
    assert not FavoriteMovie.objects.exists()
