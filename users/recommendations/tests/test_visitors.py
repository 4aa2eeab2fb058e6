"""Before there is an account: films to start with, and what comes of picking some."""

import time

import pytest
from django.core.cache import cache
from django.utils import timezone

from movies.cache.backends import local, shared
from movies.cache.documents import Key
from movies.models import Movie
from movies.services import tmdb_service
from movies.services.tmdb_service import service
from users.models import FavoriteMovie, User
from users.recommendations import starter
from users.recommendations.recommend import TOPIC
from users.tests.frontend import errors

from .conftest import ids_of


def preview(page, *movie_ids):
    return page.post("recommendations/preview/", {"movie_ids": movie_ids})


def test_a_preview_answers_as_to_a_user_with_these_favorites(ada, visitor, films):
    picked = films[:3]
    answer = preview(visitor, *picked)
    assert answer.status_code == 200
    for film in reversed(picked):
        ada.post("users/favorites/", {"movie_id": film})
    assert answer.json() == ada.get("recommendations/").json()
    assert not set(ids_of(answer.json())) & set(picked)
    assert FavoriteMovie.objects.count() == 3
    assert User.objects.count() == 1


def test_a_preview_of_films_that_nobody_knows_is_popular(visitor, films):
    body = preview(visitor, 999_999_999).json()
    assert body["strategy"] == "popular"
    assert body["results"]


@pytest.mark.parametrize(
    "body, attr",
    [
        ({}, "movie_ids"),
        ({"movie_ids": []}, "movie_ids"),
        ({"movie_ids": list(range(1, 22))}, "movie_ids"),
        ({"movie_ids": ["603"]}, "movie_ids.0"),
        ({"movie_ids": [2**70]}, "movie_ids.0"),
        ({"movie_ids": 603}, "movie_ids"),
        ([603], "non_field_errors"),
    ],
)
def test_a_wrong_body_is_refused(visitor, body, attr):
    response = visitor.post("recommendations/preview/", body)
    assert response.status_code == 400
    assert {each for _, each in errors(response)} == {attr}


def test_previews_are_charged_to_their_address(visitor, films, settings):
    settings.THROTTLE_ANON = "2/min"
    statuses = [preview(visitor, films[0]).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_preview_looks_at_no_token(ada, films):
    ada.access = "expired"
    assert preview(ada, films[0]).status_code == 200


def test_films_to_start_with_are_well_known_and_kept(visitor):
    first = visitor.get("recommendations/starter/")
    assert first["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Vary"] == "Accept-Encoding"
    assert "Content-Security-Policy" not in first
    films = first.json()["results"]
    assert len({film["id"] for film in films}) == 30
    assert min(film["vote_count"] for film in films) >= 1000
    again = visitor.get("recommendations/starter/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Status"].startswith("catalogue; hit")


def test_films_to_start_with_differ_from_each_other(visitor):
    films = visitor.get("recommendations/starter/?limit=12").json()["results"]
    collections = [
        details["collection"]["id"]
        for details in Movie.objects.filter(
            pk__in=[film["id"] for film in films], details__isnull=False
        ).values_list("details", flat=True)
        if details["collection"]
    ]
    assert len(set(collections)) == len(collections)
    main_genres = {film["genres"][0]["name"] for film in films}
    assert len(main_genres) >= 6
    assert len({film["original_language"] for film in films}) >= 3
    popular = [film["id"] for film in visitor.get("movies/popular/").json()["results"]]
    assert [film["id"] for film in films] != popular[:12]


def test_fewer_are_the_first_of_more(visitor):
    few, many = (
        [
            each["id"]
            for each in visitor.get(f"recommendations/starter/?limit={n}").json()["results"]
        ]
        for n in (5, 60)
    )
    assert (len(few), len(many)) == (5, 60)
    assert many[:5] == few


def test_they_come_in_the_asked_language(visitor, tmdb):
    titles = {"results": [{"id": 129, "title": "Chihiros Reise"}], "page": 1, "total_pages": 1}
    titles |= {"total_results": 1}
    for path in ("/movie/top_rated", "/movie/popular"):
        tmdb.add_fault({"fault": "json", "body": titles, "path": path})
    films = visitor.get("recommendations/starter/?language=de-DE").json()["results"]
    assert [film["title"] for film in films] == ["Chihiros Reise"]


def test_without_tmdb_there_is_a_503_or_what_is_known(visitor, tmdb, films):
    tmdb.add_fault({"fault": "dropped"})
    response = visitor.get("recommendations/starter/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    Movie.objects.all().delete()
    response = visitor.get("recommendations/starter/?language=fr")
    assert response.status_code == 503
    assert errors(response) == {("catalogue_unavailable", None)}


def test_a_chart_that_fails_is_not_asked_for_by_every_visitor(visitor, tmdb, monkeypatch):
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/popular"})
    first = visitor.get("recommendations/starter/")
    assert first.status_code == 200
    assert first["Cache-Control"] == "no-store"
    tmdb.forget_requests()
    second = visitor.get("recommendations/starter/")
    assert second.json() == first.json()
    assert tmdb.requests()["paths"] == {}
    # For a minute alone.
    monkeypatch.setattr("movies.cache.documents.now", lambda: time.time() + 61)
    visitor.get("recommendations/starter/")
    assert "/movie/popular" in tmdb.requests()["paths"]


def test_what_was_made_of_all_charts_is_kept_while_one_fails(visitor, tmdb, monkeypatch):
    full = visitor.get("recommendations/starter/?language=de-DE")
    evict_charts("de-DE")
    monkeypatch.setattr("movies.cache.documents.now", lambda: time.time() + 7 * 3600)
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/popular"})
    stale = visitor.get("recommendations/starter/?language=de-DE")
    assert stale.json() == full.json()
    tmdb.forget_requests()
    assert visitor.get("recommendations/starter/?language=de-DE").json() == full.json()
    assert tmdb.requests()["paths"] == {}
    # Days later it is still there.
    evict_charts("de-DE")
    monkeypatch.setattr("movies.cache.documents.now", lambda: time.time() + 5 * 24 * 3600)
    assert visitor.get("recommendations/starter/?language=de-DE").json() == full.json()


def test_what_another_worker_made_meanwhile_is_left_as_it_is(visitor, tmdb, monkeypatch):
    full = visitor.get("recommendations/starter/")
    key = Key.of(starter.GROUP, limit=30, language="en-US")
    packed = shared().get(str(key))
    shared().delete_if(str(key), packed)
    evict_charts("en-US")
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/popular"})
    choose = starter.choose_diverse

    def while_another_ends(*args):
        shared().set(str(key), packed, 1000)
        return choose(*args)

    monkeypatch.setattr(starter, "choose_diverse", while_another_ends)
    assert visitor.get("recommendations/starter/").json() == full.json()
    assert shared().get(str(key)) == packed


def evict_charts(language: str) -> None:
    backend = shared()
    for question, pages in starter.POOL:
        for page in range(1, pages + 1):
            key = str(Key.of(question.group, page=page, language=language))
            if packed := backend.get(key):
                backend.delete_if(key, packed)


def test_films_that_are_gone_are_no_films_to_start_with(visitor):
    first = visitor.get("recommendations/starter/?limit=5").json()["results"][0]["id"]
    Movie.objects.filter(pk=first).update(gone_at=timezone.now())
    films = visitor.get("recommendations/starter/?limit=60").json()["results"]
    assert films and first not in [film["id"] for film in films]


def test_a_slow_tmdb_holds_a_preview_for_two_seconds_in_all(visitor, tmdb):
    tmdb.add_fault({"fault": "latency", "seconds": 0.7})
    assert preview(visitor, 129, 128, 4935, 603, 550).json()["results"]
    # Five films, and lists after three of them, would be eight.
    assert sum(tmdb.requests()["paths"].values()) <= 3


def test_a_tmdb_that_is_too_slow_is_not_asked_again_by_each(visitor, ada, tmdb, monkeypatch):
    ada.post("users/favorites/", {"movie_id": 603})
    Movie.objects.filter(pk=129).delete()
    cache.clear()
    local().clear()
    monkeypatch.setattr(tmdb_service, "TOPIC_PAUSE", 3600)
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


def test_a_tmdb_that_fails_slowly_is_not_asked_again_by_each(visitor, tmdb, monkeypatch):
    monkeypatch.setattr(tmdb_service, "TOPIC_PAUSE", 3600)
    tmdb.add_fault({"fault": "error", "status": 500, "seconds": 1.2})
    preview(visitor, 603)
    tmdb.forget_requests()
    assert preview(visitor, 603).status_code == 200
    assert tmdb.requests()["paths"] == {}


def test_while_nothing_is_asked_nobody_is_charged(visitor, tmdb, settings, monkeypatch):
    settings.THROTTLE_ANON = "8/min"
    service().health.pause(TOPIC, 3600)
    for _ in range(3):
        assert preview(visitor, *range(600, 620)).status_code == 200
    assert tmdb.requests()["paths"] == {}
    assert visitor.get("movies/603/").status_code == 200


def test_many_films_that_are_not_known_yet_make_no_slow_tmdb(visitor, ada, tmdb):
    # The second question is cut off after less than a second.
    tmdb.add_fault({"fault": "latency", "seconds": 1.25})
    preview(visitor, 603, 604, 129, 128, 4935)
    tmdb.clear_faults()
    tmdb.forget_requests()
    ada.get("recommendations/")
    assert tmdb.requests()["paths"]


@pytest.mark.parametrize("query, attr", [("limit=0", "limit"), ("limit=61", "limit")])
def test_a_wrong_parameter_is_refused(visitor, query, attr):
    response = visitor.get(f"recommendations/starter/?{query}")
    assert {each for _, each in errors(response)} == {attr}


def test_picked_films_that_the_site_does_not_know_yet_are_asked_for(visitor):
    answer = preview(visitor, 129, 128, 4935, 999_999_999)
    body = answer.json()
    assert body["strategy"] == "blended"
    reasons = {reason["id"] for each in body["results"] for reason in each["because"]}
    assert reasons == {129, 128, 4935}


def test_what_a_preview_asks_for_is_charged(visitor, tmdb, settings):
    settings.THROTTLE_ANON = "4/min"
    assert preview(visitor, 129, 128, 4935, 603, 550).status_code == 200
    films = [path for path in tmdb.requests()["paths"] if path.count("/") == 2]
    assert len([path for path in films if path.startswith("/movie/")]) == 3
