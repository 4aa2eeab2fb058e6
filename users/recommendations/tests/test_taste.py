"""GET /api/recommendations/taste/"""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movies.models import Genre, MovieGenre
from users.models import FavoriteMovie, User
from users.recommendations import taste as taste_module

from .conftest import favor


def test_nothing_in_redis_is_pickled(redis, ada, monkeypatch):
    monkeypatch.setattr(taste_module, "CACHED_FROM", 1)
    favor(ada, [603])
    expected = ada.get("recommendations/taste/").json()
    stored = [redis.get(key) for key in redis.scan_iter("movies:*")]
    assert len(stored) == 2
    for value in stored:
        json.loads(value)
    assert ada.get("recommendations/taste/").json() == expected


@pytest.fixture
def taste(ada):
    return lambda: ada.get("recommendations/taste/").json()


def test_a_new_users_taste_is_empty(taste):
    assert taste() == {
        "totals": {
            "favorites": 0,
            "watchlist": 0,
            "watched": 0,
            "ratings": 0,
            "hidden": 0,
            "films": 0,
            "mean_rating": None,
        },
        "genres": [],
        "decades": [],
        "languages": [],
        "directors": [],
        "ratings": [{"rating": each, "count": 0} for each in range(1, 11)],
    }


def test_a_movie_on_several_lists_counts_once(ada, taste):
    for movie_id in (603, 604, 129):
        ada.get(f"movies/{movie_id}/")
    ada.post("users/favorites/", {"movie_id": 603})
    ada.post("users/watched/", {"movie_id": 603})
    ada.post("users/ratings/", {"movie_id": 603, "rating": 9})
    ada.post("users/ratings/", {"movie_id": 604, "rating": 6})
    ada.post("users/watched/", {"movie_id": 129})
    ada.post("users/watchlist/", {"movie_id": 550})
    ada.post("users/hidden/", {"movie_id": 13})
    found = taste()
    assert found["totals"]["films"] == 3
    assert found["totals"]["mean_rating"] == 7.5
    assert found["decades"] == [{"decade": 2000, "count": 2}, {"decade": 1990, "count": 1}]
    assert found["languages"] == [
        {"language": "en", "count": 2},
        {"language": "ja", "count": 1},
    ]
    directors = {each["name"]: each["count"] for each in found["directors"]}
    assert directors["Lana Wachowski"] == 2
    assert directors["Hayao Miyazaki"] == 1
    assert [each["count"] for each in found["ratings"]] == [0, 0, 0, 0, 0, 1, 0, 0, 1, 0]

    action = next(each for each in found["genres"] if each["id"] == 28)
    assert (action["name"], action["count"], action["share"]) == ("Action", 2, 0.6667)
    assert 0 < action["catalogue_share"] < 1
    assert action["mean_rating"] == 7.5
    animation = next(each for each in found["genres"] if each["id"] == 16)
    assert animation["mean_rating"] is None


def test_shares_are_counted_again_for_a_genre_that_is_not_cached(ada, taste):
    assert taste()["genres"] == []
    ada.post("users/favorites/", {"movie_id": 603})
    shares = {genre["name"]: genre["catalogue_share"] for genre in taste()["genres"]}
    assert shares.keys() == {"Action", "Science Fiction"}
    assert all(shares.values())
    kaiju = Genre.objects.create(id=987_654, name="Kaiju")
    MovieGenre.objects.create(movie_id=603, genre=kaiju, position=2)
    assert {genre["name"]: genre["catalogue_share"] for genre in taste()["genres"]}["Kaiju"]


def test_the_catalogue_shares_are_cached(ada, movie_ids, taste):
    favor(ada, movie_ids[:3])
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            taste()
        counted.append(len(captured))
    assert counted[1] == counted[0] - 2


def test_a_share_is_at_most_1_if_a_favorite_is_added_meanwhile(ada, movie_ids, taste, monkeypatch):
    user = User.objects.get()
    count = taste_module.genres

    def add_favorite_and_count(*args):
        FavoriteMovie.objects.create(user=user, movie_id=movie_ids[0], added_at=user.date_joined)
        return count(*args)

    monkeypatch.setattr(taste_module, "genres", add_favorite_and_count)
    assert {genre["share"] for genre in taste()["genres"]} == {1.0}


def test_the_number_of_queries_does_not_depend_on_the_number_of_movies(ada, movie_ids, taste):
    counted = set()
    for count in (1, 30):
        favor(ada, movie_ids[count : 2 * count])
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            taste()
        counted.add(len(captured))
    assert len(counted) == 1
    assert counted.pop() <= 8


def test_the_statistics_of_many_movies_are_cached(ada, movie_ids, taste, monkeypatch):
    monkeypatch.setattr(taste_module, "CACHED_FROM", 3)
    counted = []
    for added in (movie_ids[:2], movie_ids[2:5]):
        favor(ada, added)
        first = taste()
        with CaptureQueriesContext(connection) as captured:
            assert taste() == first
        counted.append(len(captured))
    # The user, the lengths of the lists, and the fingerprint of their entries.
    assert counted[1] == 3 < counted[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda ada: ada.post("users/favorites/", {"movie_id": 13}),
        lambda ada: ada.call("delete", "users/favorites/603/"),
        lambda ada: ada.call("put", "users/ratings/603/", {"rating": 9}),
        lambda ada: ada.call("put", "users/ratings/604/", {"rating": 6}),
        lambda ada: ada.post("users/hidden/", {"movie_id": 13}),
        lambda ada: ada.post(
            "users/favorites/bulk/",
            {"remove": [603], "add": [{"movie_id": 13, "added_at": "2020-01-01T00:00:00Z"}]},
        ),
    ],
    ids=["added", "removed", "rated again", "rated", "hidden", "replaced by an old entry"],
)
def test_a_change_of_an_entry_changes_cached_statistics(ada, taste, change, monkeypatch):
    monkeypatch.setattr(taste_module, "CACHED_FROM", 1)
    for movie_id in (603, 604, 13):
        ada.get(f"movies/{movie_id}/")
    ada.post("users/favorites/", {"movie_id": 603})
    ada.post("users/watched/", {"movie_id": 604})
    ada.post("users/ratings/", {"movie_id": 603, "rating": 7})
    taste()
    assert change(ada).status_code < 300
    found = taste()
    cache.clear()
    assert found == taste()


def test_statistics_are_forgotten_with_their_user(ada, monkeypatch):
    monkeypatch.setattr(taste_module, "CACHED_FROM", 1)
    favor(ada, [603])
    ada.get("recommendations/taste/")
    user = User.objects.get()
    key = taste_module.key_of(user)
    assert cache.get(key)
    user.delete()
    assert cache.get(key) is None
