import pytest

from movies.models import Movie
from users.tests.frontend import errors

from .base import FIGHT_CLUB, INCEPTION, MATRIX

PATH = "users/watchlist/"
AMELIE, SEVEN = 194, 807


@pytest.fixture
def five(ada):
    for movie_id in (MATRIX, FIGHT_CLUB, INCEPTION, AMELIE, SEVEN):
        assert ada.post(PATH, {"movie_id": movie_id}).status_code == 201
    return ada


def ids(page, query: str) -> set[int]:
    return {entry["movie"]["id"] for entry in page.get(f"{PATH}?{query}").json()["results"]}


@pytest.mark.parametrize(
    "query, expected",
    [
        ("genres=28", {MATRIX, INCEPTION}),
        ("genres=28,878", {MATRIX, INCEPTION}),
        ("genres=878,28,28", {MATRIX, INCEPTION}),
        ("genres=28,99", set()),
        ("genres=424242", set()),
        ("year=1999", {MATRIX, FIGHT_CLUB}),
        ("year=1999&genres=28", {MATRIX}),
        ("query=matrix", {MATRIX}),
        ("query=%20MATRIX%20%20", {MATRIX}),
        ("query=am%C3%A9lie", {AMELIE}),
        ("query=AMELIE", {AMELIE}),
        ("query=ght%20cl", {FIGHT_CLUB}),
        ("query=%25", set()),
        ("query=_", set()),
        ("query=%5C", set()),
        ("query=matrix&year=2010", set()),
    ],
)
def test_it_finds(five, query, expected):
    assert ids(five, query) == expected


def test_a_movie_without_a_date_is_in_no_year(five):
    Movie.objects.filter(id=MATRIX).update(release_date=None)
    assert ids(five, "year=1999") == {FIGHT_CLUB}
    assert ids(five, "year=2100") == set()


def test_filters_and_orders_can_be_combined(five):
    body = five.get(f"{PATH}?year=1999&sort=-title&page_size=1").json()
    assert body["results"][0]["movie"]["id"] == MATRIX
    body = five.get(body["next"].removeprefix("/api/")).json()
    assert body["results"][0]["movie"]["id"] == FIGHT_CLUB
    assert body["next"] is None


@pytest.mark.parametrize(
    "query, attr",
    [
        ("genres=action", "genres"),
        ("genres=", "genres"),
        ("genres=28,", "genres"),
        ("genres=%00", "genres"),
        ("year=0", "year"),
        ("year=99999999999999999999", "year"),
        ("query=", "query"),
        ("query=%CC%81", "query"),
        ("query=%00", "query"),
        ("query=%ff", "query"),
        ("query=" + "x" * 201, "query"),
    ],
)
def test_it_rejects(ada, query, attr):
    response = ada.get(f"{PATH}?{query}")
    assert response.status_code == 400
    assert {found for _, found in errors(response)} == {attr}
