"""No source recommends movies that must not be recommended."""

import pytest
from django.utils import timezone

from movies.models import Movie
from users.recommendations.models import ItemModel

from .conftest import favor, ids_of, reason_ids, recommended

pytestmark = pytest.mark.slow


def test_movies_on_a_users_lists_are_not_recommended(ada, tastes):
    ours, _ = tastes
    favor(ada, ours[:6])
    first = ids_of(recommended(ada))
    lists = {"watched": {}, "ratings": {"rating": 2}, "hidden": {}, "watchlist": {}}
    for movie_id, (name, fields) in zip(first, lists.items()):
        body = {"movie_id": movie_id} | fields
        assert ada.post(f"users/{name}/", body).status_code == 201
    for query in ("?limit=100", "?limit=100&genres=18"):
        assert not set(ids_of(recommended(ada, query))) & {*ours[:6], *first[:4]}
    with_watchlist = ids_of(recommended(ada, "?limit=100&exclude_watchlist=false"))
    assert first[3] in with_watchlist
    assert not set(with_watchlist) & {*ours[:6], *first[:3]}


def test_all_sources_recommend_movies_on_the_watchlist_on_demand(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    best = recommended(ada)["results"][0]
    ada.post("users/watchlist/", {"movie_id": best["movie"]["id"]})
    assert best["movie"]["id"] not in ids_of(recommended(ada))
    again = recommended(ada, "?exclude_watchlist=false")["results"]
    [wanted] = [each for each in again if each["movie"]["id"] == best["movie"]["id"]]
    assert wanted["sources"] == best["sources"]
    assert reason_ids(wanted) == [603]


def test_a_movie_that_tmdb_has_deleted_is_not_recommended(ada, tastes):
    favor(ada, tastes[0][:6])
    first = ids_of(recommended(ada))[0]
    Movie.objects.filter(pk=first).update(gone_at=timezone.now())
    assert first not in ids_of(recommended(ada, "?limit=100"))


@pytest.fixture
def hides_trending(ada):
    """A user who has hidden the first page of trending movies, and the ids of these."""
    hidden = [movie["id"] for movie in ada.get("movies/trending/").json()["results"]]
    body = {"add": [{"movie_id": movie_id} for movie_id in hidden]}
    assert len(ada.post("users/hidden/bulk/", body).json()["added"]) == 20
    return ada, set(hidden)


@pytest.mark.parametrize("query", ["", "?limit=100", "?genres=18", "?limit=100&genres=18,28"])
@pytest.mark.parametrize("state", ["untrained", "empty model", "TMDb down"])
def test_no_source_recommends_hidden_movies(hides_trending, query, state, request):
    ada, hidden = hides_trending
    if state == "empty model":
        ItemModel.objects.create(started_at=timezone.now(), activated_at=timezone.now())
    if state == "TMDb down":
        request.getfixturevalue("tmdb").add_fault({"fault": "dropped"})
    found = ids_of(recommended(ada, query))
    assert found
    assert not hidden & set(found)


def test_movies_on_tmdbs_lists_are_not_recommended_if_all_are_rated(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    results = ada.get("movies/603/recommendations/").json()["results"]
    listed = [movie["id"] for movie in results]
    for movie_id in listed:
        ada.post("users/ratings/", {"movie_id": movie_id, "rating": 4})
    found = ids_of(recommended(ada, "?limit=100"))
    assert found and not set(found) & {603, *listed}
