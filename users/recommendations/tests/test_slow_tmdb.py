"""A slow TMDb delays one answer up to the deadline, and is then left alone for a while."""

import pytest
from django.core.cache import cache

from movies.cache.backends import local
from movies.models import Movie
from movies.services import health

from .conftest import preview

pytestmark = pytest.mark.slow


def test_all_requests_of_a_preview_share_a_deadline_of_two_seconds(visitor, tmdb):
    tmdb.add_fault({"fault": "latency", "seconds": 0.7})
    assert preview(visitor, 129, 128, 4935, 603, 550).json()["results"]
    # Without a deadline there would be eight: five movies, and the lists for three of them.
    assert sum(tmdb.requests()["paths"].values()) <= 3


def test_after_a_timeout_tmdb_is_not_asked_again(visitor, ada, tmdb, monkeypatch):
    ada.post("users/favorites/", {"movie_id": 603})
    Movie.objects.filter(pk=129).delete()
    cache.clear()
    local().clear()
    monkeypatch.setattr(health, "SLOW_PAUSE", 3600)
    tmdb.add_fault({"fault": "latency", "seconds": 6})
    for ask in (
        lambda: ada.get("recommendations/"),
        lambda: visitor.get("recommendations/starter/?language=fr"),
        lambda: preview(visitor, 129),
    ):
        ask()
        tmdb.forget_requests()
        assert ask().status_code in (200, 503)
        assert tmdb.requests()["paths"] == {}


def test_after_a_slow_failure_tmdb_is_not_asked_again(visitor, tmdb, monkeypatch):
    monkeypatch.setattr(health, "SLOW_PAUSE", 3600)
    tmdb.add_fault({"fault": "error", "status": 500, "seconds": 1.2})
    preview(visitor, 603)
    tmdb.forget_requests()
    assert preview(visitor, 603).status_code == 200
    assert tmdb.requests()["paths"] == {}


def test_while_tmdb_is_not_asked_picks_do_not_count_against_the_throttle(
    visitor, ada, tmdb, settings, monkeypatch
):
    settings.THROTTLE_ANON = "8/min"
    monkeypatch.setattr(health, "SLOW_PAUSE", 3600)
    tmdb.add_fault({"fault": "latency", "seconds": 6})
    # Slow for a user, whose request does not count against the throttle by address.
    ada.get("recommendations/")
    tmdb.clear_faults()
    tmdb.forget_requests()
    for _ in range(3):
        assert preview(visitor, *range(600, 620)).status_code == 200
    assert tmdb.requests()["paths"] == {}
    assert visitor.get("movies/603/").status_code == 200


def test_many_unknown_picks_do_not_make_tmdb_slow(visitor, ada, tmdb):
    # The deadline cuts the second request off after less than a second.
    tmdb.add_fault({"fault": "latency", "seconds": 1.25})
    preview(visitor, 603, 604, 129, 128, 4935)
    tmdb.clear_faults()
    tmdb.forget_requests()
    ada.get("recommendations/")
    assert tmdb.requests()["paths"]
