"""GET /api/recommendations/starter/: movies for new users to pick from."""

import time

import pytest
from django.utils import timezone

from movies.cache.backends import shared
from movies.cache.documents import Key
from movies.models import Movie
from users.recommendations import starter
from users.tests.frontend import errors

pytestmark = pytest.mark.slow

STARTER = "recommendations/starter/"


def test_starter_movies_are_well_known_and_cached(visitor):
    first = visitor.get(STARTER)
    assert first["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Vary"] == "Accept-Encoding"
    assert "Content-Security-Policy" not in first
    movies = first.json()["results"]
    assert len({movie["id"] for movie in movies}) == 30
    assert min(movie["vote_count"] for movie in movies) >= 1000
    again = visitor.get(STARTER, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Status"].startswith("catalogue; hit")


def test_starter_movies_differ_from_each_other(visitor):
    movies = visitor.get(f"{STARTER}?limit=12").json()["results"]
    collections = [
        details["collection"]["id"]
        for details in Movie.objects.filter(
            pk__in=[movie["id"] for movie in movies], details__isnull=False
        ).values_list("details", flat=True)
        if details["collection"]
    ]
    assert len(set(collections)) == len(collections)
    main_genres = {movie["genres"][0]["name"] for movie in movies}
    assert len(main_genres) >= 6
    assert len({movie["original_language"] for movie in movies}) >= 3
    popular = [movie["id"] for movie in visitor.get("movies/popular/").json()["results"]]
    assert [movie["id"] for movie in movies] != popular[:12]


def test_a_short_list_is_the_beginning_of_a_long_one(visitor):
    short, long = (
        [movie["id"] for movie in visitor.get(f"{STARTER}?limit={n}").json()["results"]]
        for n in (5, 60)
    )
    assert (len(short), len(long)) == (5, 60)
    assert long[:5] == short


def test_titles_are_in_the_requested_language(visitor, tmdb):
    titles = {"results": [{"id": 129, "title": "Chihiros Reise"}], "page": 1, "total_pages": 1}
    titles |= {"total_results": 1}
    for path in ("/movie/top_rated", "/movie/popular"):
        tmdb.add_fault({"fault": "json", "body": titles, "path": path})
    movies = visitor.get(f"{STARTER}?language=de-DE").json()["results"]
    assert [movie["title"] for movie in movies] == ["Chihiros Reise"]


def test_while_tmdb_is_down_the_database_answers_or_the_status_is_503(visitor, tmdb, movie_ids):
    tmdb.add_fault({"fault": "dropped"})
    response = visitor.get(STARTER)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    Movie.objects.all().delete()
    response = visitor.get(f"{STARTER}?language=fr")
    assert response.status_code == 503
    assert errors(response) == {("catalogue_unavailable", None)}


def test_a_failing_chart_is_not_requested_again_for_a_minute(visitor, tmdb, monkeypatch):
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/popular"})
    first = visitor.get(STARTER)
    assert first.status_code == 200
    assert first["Cache-Control"] == "no-store"
    tmdb.forget_requests()
    second = visitor.get(STARTER)
    assert second.json() == first.json()
    assert tmdb.requests()["paths"] == {}
    monkeypatch.setattr("movies.cache.documents.now", lambda: time.time() + 61)
    visitor.get(STARTER)
    assert "/movie/popular" in tmdb.requests()["paths"]


def test_a_complete_answer_is_kept_while_a_chart_fails(visitor, tmdb, monkeypatch):
    full = visitor.get(f"{STARTER}?language=de-DE")
    evict_charts("de-DE")
    monkeypatch.setattr("movies.cache.documents.now", lambda: time.time() + 7 * 3600)
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/popular"})
    stale = visitor.get(f"{STARTER}?language=de-DE")
    assert stale.json() == full.json()
    tmdb.forget_requests()
    assert visitor.get(f"{STARTER}?language=de-DE").json() == full.json()
    assert tmdb.requests()["paths"] == {}
    # It is still there days later.
    evict_charts("de-DE")
    monkeypatch.setattr("movies.cache.documents.now", lambda: time.time() + 5 * 24 * 3600)
    assert visitor.get(f"{STARTER}?language=de-DE").json() == full.json()


def test_an_incomplete_answer_does_not_replace_another_workers(visitor, tmdb, monkeypatch):
    full = visitor.get(STARTER)
    key = Key.of(starter.GROUP, limit=30, language="en-US")
    packed = shared().get(str(key))
    shared().delete_if(str(key), packed)
    evict_charts("en-US")
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/popular"})
    choose = starter.choose_diverse

    def choose_while_another_worker_finishes(*args):
        shared().set(str(key), packed, 1000)
        return choose(*args)

    monkeypatch.setattr(starter, "choose_diverse", choose_while_another_worker_finishes)
    assert visitor.get(STARTER).json() == full.json()
    assert shared().get(str(key)) == packed


def evict_charts(language: str) -> None:
    backend = shared()
    for question, pages in starter.POOL:
        for page in range(1, pages + 1):
            key = str(Key.of(question.group, page=page, language=language))
            if packed := backend.get(key):
                backend.delete_if(key, packed)


def test_movies_that_tmdb_has_deleted_are_left_out(visitor):
    first = visitor.get(f"{STARTER}?limit=5").json()["results"][0]["id"]
    Movie.objects.filter(pk=first).update(gone_at=timezone.now())
    movies = visitor.get(f"{STARTER}?limit=60").json()["results"]
    assert movies and first not in [movie["id"] for movie in movies]


@pytest.mark.parametrize("query, attr", [("limit=0", "limit"), ("limit=61", "limit")])
def test_an_invalid_parameter_is_rejected(visitor, query, attr):
    response = visitor.get(f"{STARTER}?{query}")
    assert {each for _, each in errors(response)} == {attr}
