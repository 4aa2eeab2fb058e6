"""Keyset pagination: each entry exactly once, in every order, forwards and back."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from movies.models import Movie
from movies.text import fold
from users.lists import reading
from users.lists.kinds import LISTS
from users.lists.reading import ORDERS
from users.models import User
from users.tests.frontend import Frontend, errors

from .builders import make_entries, make_movies

pytestmark = pytest.mark.slow

PATH = "users/favorites/"
SORTS = [f"{sign}{order}" for order in ORDERS for sign in ("", "-")]


def walk(page, link: str | None, direction: str) -> tuple[list[list[int]], dict]:
    """Follow all links in a direction. Return the ids of each page, and the last page."""
    pages, body = [], {}
    while link:
        assert link.startswith("/api/users/favorites/?")
        body = page.get(link.removeprefix("/api/")).json()
        pages.append([entry["movie"]["id"] for entry in body["results"]])
        assert pages[-1], "a link leads to an empty page"
        link = body[direction]
    return pages, body


@pytest.fixture
def long_list(ada, settings):
    settings.THROTTLE_USER = "100000/min"
    make_entries(User.objects.get(), make_movies(3000))
    # Skip the schema checks, which take longer than the requests.
    ada.client = Client()
    return ada


@pytest.mark.parametrize("sort", SORTS)
def test_3000_entries_are_paged_forwards_and_back(long_list, sort):
    start = f"/api/{PATH}?sort={sort}&page_size=100"
    pages, last = walk(long_list, start, "next")
    forwards = [movie_id for page in pages for movie_id in page]
    assert len(pages) == 30
    assert sorted(forwards) == list(range(1, 3001))

    backwards, _ = walk(long_list, last["previous"], "previous")
    assert [*reversed(backwards), pages[-1]] == pages


@pytest.mark.parametrize("sort", ["release_date", "-release_date", "rating", "-rating"])
def test_unknown_values_come_last_in_both_directions(ada, sort):
    make_entries(User.objects.get(), make_movies(40))
    body = ada.get(f"{PATH}?sort={sort}&page_size=100").json()
    name = {"rating": "vote_average"}.get(sort.strip("-"), sort.strip("-"))
    values = [entry["movie"][name] for entry in body["results"]]
    known = [value for value in values if value is not None]
    assert values == known + [None] * 4
    assert known == sorted(known, reverse=sort[0] == "-")


def test_a_title_longer_than_an_index_allows_can_be_sorted_by(ada):
    movies = make_movies(4)
    for movie in movies[:3]:
        # Folded, that is 18 letters each.
        movie.title = chr(0xFDFA) * 400 + str(movie.pk % 2)
        movie.folded_title = fold(movie.title)
    movies[3].folded_title = "z"
    Movie.objects.bulk_update(movies, ["title", "folded_title"])
    make_entries(User.objects.get(), movies)
    pages, last = walk(ada, f"/api/{PATH}?sort=title&page_size=1", "next")
    # Titles that begin with the same 200 letters are in the order of their ids.
    assert pages == [[4], [1], [2], [3]]
    backwards, _ = walk(ada, last["previous"], "previous")
    assert backwards == [[2], [1], [4]]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_every_order_can_be_read_from_an_index(ada, sort, backwards):
    if connection.vendor != "postgresql":
        pytest.skip("the plans are PostgreSQL's")
    make_entries(User.objects.get(), make_movies(10))
    entries, keyset = reading.entries(LISTS["favorites"], User.objects.get()), reading.keyset(sort)
    value = {"added_at": timezone.now(), "title": "x", "release_date": date(1999, 1, 1)}
    position = value.get(sort.strip("-"), 5.0)
    for rows in (entries, keyset.beyond(entries, position, 5, backwards)):
        with connection.cursor() as cursor:
            # With few rows, it would rather sort them.
            for node in ("sort", "incremental_sort", "seqscan", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{node} = off")
        plan = keyset.order(rows, backwards)[:21].explain()
        assert "Sort" not in plan, plan


def test_pages_have_20_entries_and_links_without_a_host(ada):
    make_entries(User.objects.get(), make_movies(41))
    first = ada.get(f"{PATH}?year=1999").json()
    assert first["previous"] is None
    assert len(first["results"]) == 20
    first = ada.get(f"{PATH}?nothing=1&sort=title").json()
    assert len(first["results"]) == 20
    link = urlsplit(first["next"])
    assert (link.scheme, link.netloc, link.path) == ("", "", "/api/users/favorites/")
    assert parse_qs(link.query)["sort"] == ["title"]
    second = ada.get(first["next"].removeprefix("/api/")).json()
    third = ada.get(second["next"].removeprefix("/api/")).json()
    assert (len(third["results"]), third["next"]) == (1, None)
    back = ada.get(second["previous"].removeprefix("/api/")).json()
    # The links differ, because their signatures contain the time.
    assert (back["results"], back["previous"]) == (first["results"], None)


def test_changes_do_not_shift_other_entries(ada):
    make_entries(User.objects.get(), make_movies(60))
    first = ada.get(f"{PATH}?sort=added_at").json()
    seen = [entry["movie"]["id"] for entry in first["results"]]
    for movie_id in seen[-3:]:
        assert ada.call("delete", f"{PATH}{movie_id}/").status_code == 204
    bulk = {"add": [{"movie_id": seen[-1], "added_at": "2000-01-01T00:00:00Z"}]}
    assert ada.post(f"{PATH}bulk/", bulk).json()["added"] == [seen[-1]]
    rest, _ = walk(ada, first["next"], "next")
    assert sorted(seen + [movie_id for page in rest for movie_id in page]) == list(range(1, 61))


def cursor_of(page, query: str = "") -> str:
    body = page.get(f"{PATH}?page_size=1{query}").json()
    return parse_qs(urlsplit(body["next"]).query)["cursor"][0]


DAMAGES = {
    "empty": lambda cursor: "",
    "a word": lambda cursor: "x",
    "one letter less": lambda cursor: cursor[:-1],
    "one letter more": lambda cursor: cursor + "A",
    "the first letter": lambda cursor: "X" + cursor[1:],
    "half": lambda cursor: cursor[: len(cursor) // 2],
    "twice": lambda cursor: cursor * 2,
    "without its signature": lambda cursor: cursor.rsplit(":", 1)[0],
    "of another content": lambda cursor: "W251bGwsMV0" + cursor[11:],
    "NUL": lambda cursor: "%00",
    "no ASCII": lambda cursor: "é" * 20,
    "no UTF-8": lambda cursor: "%ff",
    "long": lambda cursor: "x" * 7000,
    "brackets": lambda cursor: "[" * 1500,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cursor_is_rejected(ada, damage):
    make_entries(User.objects.get(), make_movies(3))
    response = ada.get(f"{PATH}?cursor={DAMAGES[damage](cursor_of(ada))}")
    assert response.status_code == 400
    assert {attr for _, attr in errors(response)} == {"cursor"}


def test_a_title_of_any_length_and_script_fits_into_a_cursor(ada):
    movies = make_movies(3)
    for number, movie in enumerate(movies):
        movie.title = "".join(chr(0x4E00 + 17 * n + number) for n in range(400))
        movie.folded_title = fold(movie.title)
    Movie.objects.bulk_update(movies, ["title", "folded_title"])
    make_entries(User.objects.get(), movies)
    pages, _ = walk(ada, f"/api/{PATH}?sort=title&page_size=1", "next")
    assert len(pages) == 3


def test_a_cursor_is_only_valid_for_its_list_and_order(ada):
    make_entries(User.objects.get(), make_movies(3))
    cursor = cursor_of(ada)
    assert ada.get(f"{PATH}?cursor={cursor}").status_code == 200
    for other in (f"{PATH}?sort=added_at&", f"{PATH}?sort=title&", "users/watchlist/?"):
        assert {a for _, a in errors(ada.get(f"{other}cursor={cursor}"))} == {"cursor"}


def test_another_users_cursor_shows_ones_own_list(ada):
    make_entries(User.objects.get(), make_movies(3))
    grace = Frontend()
    grace.register("grace")
    assert grace.get(f"{PATH}?cursor={cursor_of(ada)}").json()["results"] == []


@pytest.mark.parametrize("size", ["0", "101", "-1", "1.5", "x", "", "%00", "1e2"])
def test_a_page_has_1_to_100_entries(ada, size):
    response = ada.get(f"{PATH}?page_size={size}")
    assert {attr for _, attr in errors(response)} == {"page_size"}


@pytest.mark.parametrize("sort", ["", "popularity", "--title", "-", "added_at,title", "%00"])
def test_an_unknown_order_is_rejected(ada, sort):
    assert {attr for _, attr in errors(ada.get(f"{PATH}?sort={sort}"))} == {"sort"}


@pytest.mark.parametrize("sort", SORTS)
def test_an_emptied_page_links_back(ada, sort):
    make_entries(User.objects.get(), make_movies(20))
    first = ada.get(f"{PATH}?sort={sort}&page_size=10").json()
    second = ada.get(first["next"].removeprefix("/api/")).json()
    ids = [[entry["movie"]["id"] for entry in page["results"]] for page in (first, second)]

    ada.post(f"{PATH}bulk/", {"remove": ids[1]})
    empty = ada.get(first["next"].removeprefix("/api/")).json()
    assert (empty["results"], empty["next"]) == ([], None)
    back = ada.get(empty["previous"].removeprefix("/api/")).json()
    assert [entry["movie"]["id"] for entry in back["results"]] == ids[0]
    assert back["previous"] is None


@pytest.mark.parametrize("sort", SORTS)
def test_an_emptied_previous_page_links_forward(ada, sort):
    make_entries(User.objects.get(), make_movies(20))
    first = ada.get(f"{PATH}?sort={sort}&page_size=10").json()
    second = ada.get(first["next"].removeprefix("/api/")).json()
    ids = [[entry["movie"]["id"] for entry in page["results"]] for page in (first, second)]
    ada.post(f"{PATH}bulk/", {"remove": ids[0]})
    empty = ada.get(second["previous"].removeprefix("/api/")).json()
    assert (empty["results"], empty["previous"]) == ([], None)
    onward = ada.get(empty["next"].removeprefix("/api/")).json()
    assert [entry["movie"]["id"] for entry in onward["results"]] == ids[1]


def test_links_repeat_the_known_parameters(ada):
    make_entries(User.objects.get(), make_movies(60))
    body = ada.get(f"{PATH}?sort=title&genres=28&token=secret&format=json").json()
    assert parse_qs(urlsplit(body["next"]).query).keys() == {"sort", "genres", "cursor"}
