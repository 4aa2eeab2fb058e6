"""POST /api/recommendations/preview/: recommendations for a visitor's picks."""

import pytest

from users.models import FavoriteMovie, User
from users.tests.frontend import errors

from .conftest import ids_of, preview, reason_ids


def test_a_preview_equals_the_answer_to_a_user_with_these_favorites(ada, visitor, movie_ids):
    picked = movie_ids[:3]
    answer = preview(visitor, *picked)
    assert answer.status_code == 200
    for movie_id in reversed(picked):
        ada.post("users/favorites/", {"movie_id": movie_id})
    assert answer.json() == ada.get("recommendations/").json()
    assert not set(ids_of(answer.json())) & set(picked)
    assert FavoriteMovie.objects.count() == 3
    assert User.objects.count() == 1


def test_a_preview_of_unknown_movies_is_popular(visitor, movie_ids):
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
def test_an_invalid_body_is_rejected(visitor, body, attr):
    response = visitor.post("recommendations/preview/", body)
    assert response.status_code == 400
    assert {each for _, each in errors(response)} == {attr}


def test_previews_are_throttled_by_address(visitor, movie_ids, settings):
    settings.THROTTLE_ANON = "2/min"
    statuses = [preview(visitor, movie_ids[0]).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_preview_ignores_tokens(ada, movie_ids):
    ada.access = "expired"
    assert preview(ada, movie_ids[0]).status_code == 200


def test_picked_movies_that_are_not_in_the_database_are_fetched(visitor):
    answer = preview(visitor, 129, 128, 4935, 999_999_999)
    body = answer.json()
    assert body["strategy"] == "blended"
    reasons = {reason_id for each in body["results"] for reason_id in reason_ids(each)}
    assert reasons == {129, 128, 4935}


def test_each_fetched_movie_counts_against_the_throttle(visitor, tmdb, settings):
    settings.THROTTLE_ANON = "4/min"
    assert preview(visitor, 129, 128, 4935, 603, 550).status_code == 200
    paths = [path for path in tmdb.requests()["paths"] if path.count("/") == 2]
    assert len([path for path in paths if path.startswith("/movie/")]) == 3
