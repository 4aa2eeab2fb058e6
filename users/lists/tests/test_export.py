"""Export and restore the lists."""

import json
import tracemalloc

import pytest
from django.utils import timezone

from movies.models import Movie
from users import export as exporting
from users.lists.kinds import LISTS
from users.models import FavoriteMovie, Rating, User
from users.tests.frontend import PASSWORD, Frontend

from .builders import make_movies

pytestmark = pytest.mark.slow


def export(page) -> dict:
    response = page.get("users/export/")
    return json.loads(b"".join(response.streaming_content))


def lists_of(exported: dict) -> dict:
    return {name: exported[name] for name in LISTS}


def rebuild(page, exported: dict) -> None:
    """Restore the lists with bulk calls, `watched` first, 100 movies at a time."""
    for name in ["watched", *LISTS]:
        entries = [
            {key: value for key, value in entry.items() if key != "title"}
            for entry in exported[name]
        ]
        for start in range(0, len(entries), 100):
            body = {"add": entries[start : start + 100]}
            answer = page.post(f"users/{name}/bulk/", body).json()
            assert not answer["not_found"] + answer["unavailable"] + answer["updated"]


def test_the_lists_can_be_restored_exactly(ada):
    popular = [movie["id"] for movie in ada.get("movies/popular/").json()["results"]]
    bulks = {
        "favorites": [{"movie_id": n} for n in popular[:12]],
        "watched": [{"movie_id": n, "plays": n % 5 + 1} for n in popular[5:15]]
        + [{"movie_id": popular[0], "watched_on": "1999-12-31"}],
        # Watched movies on the watchlist again: restoring `watched` later would remove them.
        "watchlist": [{"movie_id": n} for n in popular[5:9]],
        "ratings": [{"movie_id": n, "rating": n % 10 + 1} for n in popular],
        "hidden": [{"movie_id": popular[19], "added_at": "2020-01-01T00:00:00.000001Z"}],
    }
    for name in ("watched", "favorites", "watchlist", "ratings", "hidden"):
        assert ada.post(f"users/{name}/bulk/", {"add": bulks[name]}).status_code == 200

    before = export(ada)
    assert {name: len(before[name]) for name in LISTS} == before["user"]["counts"]
    assert before["user"]["counts"]["watchlist"] == 4
    ada.post("users/profile/delete/", {"password": PASSWORD})
    again = Frontend()
    again.register()
    assert lists_of(export(again)) == {name: [] for name in LISTS}
    rebuild(again, before)
    assert lists_of(export(again)) == lists_of(before)


def test_an_entry_has_the_movies_title(ada):
    ada.post("users/watched/", {"movie_id": 603, "watched_on": "1999-04-01", "plays": 3})
    [entry] = export(ada)["watched"]
    assert entry.pop("added_at").endswith("Z")
    assert entry == {
        "movie_id": 603,
        "title": "The Matrix",
        "watched_on": "1999-04-01",
        "plays": 3,
    }


def test_a_long_export_is_written_in_chunks(db):
    user = User.objects.create_user("ada", "ada@films.example", PASSWORD)
    movies = make_movies(9_000)
    now = timezone.now()
    for model, more in ((FavoriteMovie, {}), (Rating, {"rating": 5})):
        model.objects.bulk_create(model(user=user, movie=f, added_at=now, **more) for f in movies)
    del movies
    with exporting.export_file(user) as file:
        written_out = file.read()
    tracemalloc.start()
    sizes = [len(chunk) for chunk in exporting.chunks(user)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == len(written_out)
    assert len(json.loads(written_out)["ratings"]) == 9_000
    # At most 2,000 of the 18,000 entries are in memory at a time.
    assert max(sizes) < sum(sizes) / 5
    assert peak < 3 * sum(sizes)


def test_only_the_lists_protect_movies(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    ada.post("users/profile/delete/", {"password": PASSWORD})
    assert Movie.objects.filter(id=603).delete()[0] > 0
