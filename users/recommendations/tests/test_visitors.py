"""Before there is an account: films to start with, and what comes of picking some."""

import time

import pytest

from movies.models import Movie
from users.models import FavoriteMovie, User
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
    films = visitor.get("recommendations/starter/?language=de").json()["results"]
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


def test_a_slow_tmdb_holds_nobody_for_long(visitor, tmdb):
    tmdb.add_fault({"fault": "latency", "seconds": 0.7})
    body = preview(visitor, 129, 128, 4935, 603, 550).json()
    assert body["results"]
    # Five films, and lists after three of them, would be eight.
    assert sum(tmdb.requests()["paths"].values()) <= 3
    tmdb.forget_requests()
    assert visitor.get("recommendations/starter/").status_code == 200
    assert sum(tmdb.requests()["paths"].values()) < 8


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
