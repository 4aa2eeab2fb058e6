"""Films that TMDb marks `adult` or `softcore` appear nowhere but in a search that asks for them."""

import pytest

from movies.genres import ENGLISH_GENRES
from movies.models import Movie
from movies.services.mapping.summary import movie_summary
from movies.store import writing as store
from movies.tests.builders import detail_film, list_film, list_page

pytestmark = pytest.mark.django_db

MARKS = [{"adult": True}, {"softcore": True}]


@pytest.fixture(params=MARKS, ids=["adult", "softcore"])
def marked(request, tmdb):
    films = list_page(list_film(603), list_film(604, **request.param))
    tmdb.add_fault(
        {"fault": "json", "path": "/genre", "body": {"genres": [{"id": 28, "name": "A"}]}}
    )
    tmdb.add_fault(
        {"fault": "json", "path": "/movie/604", "body": detail_film(604, **request.param)}
    )
    tmdb.add_fault({"fault": "json", "body": films})
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
def test_lists_leave_them_out(client, marked, path):
    assert [film["id"] for film in client.get(f"/api/movies/{path}").json()["results"]] == [603]


def test_details_know_no_such_film_and_the_database_none_any_more(client, marked):
    store.save_summaries([movie_summary(list_film(604), ENGLISH_GENRES)], complete=True)
    assert client.get("/api/movies/604/").status_code == 404
    assert Movie.objects.get(id=604).gone_at


def test_a_search_that_asks_for_them_finds_them_but_stores_none(client, marked):
    body = client.get("/api/movies/search/?query=x&include_adult=true").json()
    assert [film["id"] for film in body["results"]] == [603, 604]
    assert list(Movie.objects.values_list("id", flat=True)) == [603]
