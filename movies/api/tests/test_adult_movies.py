"""Movies that TMDb marks as `adult` or `softcore` appear only in searches that include them."""

import pytest

from movies.genres import ENGLISH_GENRES
from movies.models import Movie
from movies.services.mapping.summary import movie_summary
from movies.store import writing as store
from movies.tests.builders import detail_movie, list_movie, list_page

pytestmark = pytest.mark.django_db

MARKS = [{"adult": True}, {"softcore": True}]


@pytest.fixture(params=MARKS, ids=["adult", "softcore"])
def marked(request, tmdb):
    movies = list_page(list_movie(603), list_movie(604, **request.param))
    tmdb.add_fault(
        {"fault": "json", "path": "/genre", "body": {"genres": [{"id": 28, "name": "A"}]}}
    )
    tmdb.add_fault(
        {"fault": "json", "path": "/movie/604", "body": detail_movie(604, **request.param)}
    )
    tmdb.add_fault({"fault": "json", "body": movies})
    return tmdb


@pytest.mark.parametrize(
    "path",
    [
        "trending/",
        "popular/",
        "discover/",
        "search/?query=x",
        "search/?query=x&include_adult=false",
        "603/recommendations/",
        "603/similar/",
    ],
)
def test_lists_exclude_adult_movies(client, marked, path):
    assert [movie["id"] for movie in client.get(f"/api/movies/{path}").json()["results"]] == [603]


def test_an_adult_movie_is_a_404_and_is_marked_as_gone(client, marked):
    store.save_summaries([movie_summary(list_movie(604), ENGLISH_GENRES)], complete=True)
    assert client.get("/api/movies/604/").status_code == 404
    assert Movie.objects.get(id=604).gone_at


def test_a_search_that_includes_adult_movies_does_not_store_them(client, marked):
    body = client.get("/api/movies/search/?query=x&include_adult=true").json()
    assert [movie["id"] for movie in body["results"]] == [603, 604]
    assert list(Movie.objects.values_list("id", flat=True)) == [603]
