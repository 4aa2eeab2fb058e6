import pytest

from users.tests.frontend import Frontend, errors

NOWHERE = {
    "is_favorite": False,
    "in_watchlist": False,
    "is_watched": False,
    "is_hidden": False,
    "rating": None,
}


def library(page, ids):
    return page.get(f"users/library/?movie_ids={ids}")


def test_it_decorates_a_page_of_movies(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    ada.post("users/watchlist/", {"movie_id": 603})
    ada.post("users/watched/", {"movie_id": 550})
    ada.post("users/ratings/", {"movie_id": 550, "rating": 7})
    ada.post("users/hidden/", {"movie_id": 13})
    assert library(ada, "603,550,13,999999999").json() == {
        "603": NOWHERE | {"is_favorite": True, "in_watchlist": True},
        "550": NOWHERE | {"is_watched": True, "rating": 7},
        "13": NOWHERE | {"is_hidden": True},
        "999999999": NOWHERE,
    }


def test_each_user_has_their_own(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    grace = Frontend()
    grace.register("grace")
    assert library(grace, "603").json() == {"603": NOWHERE}


def test_a_repeated_id_is_returned_once(ada):
    assert list(library(ada, "603,%20550,603").json()) == ["603", "550"]


@pytest.mark.parametrize(
    "ids",
    [
        "",
        ",",
        "603,",
        "abc",
        "0",
        "0603",
        "-1",
        "603.0",
        "2147483648",
        "9" * 30,
        "%00",
        "%D9%A3",
        "tt0133093",
    ]
    + [",".join(map(str, range(1, 102)))],
)
def test_it_rejects(ada, ids):
    response = library(ada, ids)
    assert response.status_code == 400
    assert {attr for _, attr in errors(response)} == {"movie_ids"}


def test_ids_are_required(ada):
    assert errors(ada.get("users/library/")) == {("required", "movie_ids")}


def test_it_requires_a_login(visitor):
    assert library(visitor, "603").status_code == 401
