"""GET /api/recommendations/: parameters, permissions, queries and requests to TMDb."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movies.models import Movie
from users.tests.frontend import errors

from .conftest import favor, load_popular, recommended

pytestmark = pytest.mark.slow


def test_tmdb_may_be_down(ada, tastes, tmdb):
    tmdb.add_fault({"fault": "error", "status": 500})
    favor(ada, tastes[0][:2])
    body = recommended(ada)
    assert body["strategy"] == "blended"
    assert len(body["results"]) == 20
    assert not any("tmdb" in each["sources"] for each in body["results"])


def test_a_cold_answer_needs_only_a_few_requests_to_tmdb(ada, tmdb):
    favor(ada, list(Movie.objects.values_list("id", flat=True)[:20]))
    tmdb.forget_requests()
    recommended(ada)
    assert sum(tmdb.requests()["paths"].values()) <= 4


@pytest.mark.parametrize(
    "favorites, query, most",
    [
        (1, "?limit=10", 12),
        (2, "?limit=10", 12),
        (2, "?limit=100", 12),
        (2, "?limit=40&genres=18", 12),
        (12, "?limit=10", 8),
        (28, "?limit=10", 8),
        (28, "?limit=60", 12),
    ],
)
def test_the_number_of_queries_is_bounded(ada, tastes, favorites, query, most):
    load_popular(ada)
    ada.patch("users/profile/", {"favorite_genres": [10402]})
    favor(ada, tastes[0][:favorites])
    recommended(ada, query)
    with CaptureQueriesContext(connection) as captured:
        recommended(ada, query)
    assert len(captured) <= most


def test_recommendations_require_a_session(visitor):
    for path in ("recommendations/", "recommendations/taste/"):
        assert visitor.get(path).status_code == 401


@pytest.mark.parametrize(
    "query, attr",
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("genres=x", "genres"),
        ("exclude=603,", "exclude"),
        ("exclude=" + ",".join(map(str, range(1, 202))), "exclude"),
        ("exclude_watchlist=maybe", "exclude_watchlist"),
        ("exclude=%00", "exclude"),
    ],
)
def test_an_invalid_parameter_is_rejected(ada, query, attr):
    response = ada.get(f"recommendations/?{query}")
    assert response.status_code == 400
    assert {each for _, each in errors(response)} == {attr}
