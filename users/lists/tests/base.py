"""Tests for all lists. Each list has a subclass, which adds tests of its own features."""

import pytest

from movies.models import Movie
from users.tests.frontend import Frontend, errors

MATRIX, FIGHT_CLUB, INCEPTION = 603, 550, 27205
UNKNOWN = 999_999_999

NO_IDS = [None, True, False, 603.0, 603.5, "603", "", [], [603], {}, {"id": 603}]
BEYOND_IDS = [0, -1, -603, 2**31, 2**63, 2**70]
NO_PATH_IDS = ["0", "-1", "0603", "603.0", "abc", "tt0133093", "%00", "2147483648", "9999999999"]


class ListTests:
    name: str
    flag: str | None = None
    # The fields of a new entry besides the movie id, and other values for them.
    body: dict = {}
    other: dict = {}
    # These fields in the entry, and for a movie that is not on the list.
    shown: dict = {}
    absent: dict = {}

    @pytest.fixture
    def path(self) -> str:
        return f"users/{self.name}/"

    def add(self, page, movie_id=MATRIX, **body):
        return page.post(f"users/{self.name}/", {"movie_id": movie_id} | self.body | body)

    def ids(self, page, query: str = "") -> list[int]:
        response = page.get(f"users/{self.name}/{query}")
        assert response.status_code == 200
        return [entry["movie"]["id"] for entry in response.json()["results"]]

    def test_an_added_movie_is_listed_as_in_the_catalogue(self, ada, path):
        response = self.add(ada)
        assert response.status_code == 201
        entry = dict(response.json())
        assert entry.pop("added_at").endswith("Z")
        movie = ada.get("movies/603/").json()
        assert entry.pop("movie").items() <= movie.items()
        assert entry == self.shown
        assert ada.get(path).json()["results"] == [response.json()]

    def test_adding_it_again_changes_nothing(self, ada, path):
        first = self.add(ada).json()
        response = self.add(ada)
        assert response.status_code == 200
        assert response.json() == first
        assert len(self.ids(ada)) == 1

    def test_check_shows_whether_it_is_on_the_list(self, ada, path):
        absent = {self.flag: False} if self.flag else {}
        expected = {"movie_id": MATRIX, "added_at": None} | absent | self.absent
        assert ada.get(f"{path}603/").json() == expected
        entry = self.add(ada).json()
        present = {self.flag: True} if self.flag else {}
        expected = {"movie_id": MATRIX, "added_at": entry["added_at"]} | present | self.shown
        assert ada.get(f"{path}603/").json() == expected

    def test_put_is_idempotent(self, ada, path):
        response = ada.call("put", f"{path}603/", self.body)
        assert response.status_code == 201
        again = ada.call("put", f"{path}603/", self.body)
        assert again.status_code == 200
        assert again.json() == response.json()

    def test_delete_removes_once(self, ada, path):
        self.add(ada)
        assert ada.call("delete", f"{path}603/").status_code == 204
        response = ada.call("delete", f"{path}603/")
        assert response.status_code == 404
        assert self.ids(ada) == []

    def test_changing_fields_keeps_added_at(self, ada, path):
        entry = self.add(ada).json()
        changed = self.add(ada, **self.other)
        assert changed.status_code == 200
        assert changed.json() == entry | self.other
        assert ada.call("put", f"{path}603/", self.body).json() == entry
        assert ada.get(path).json()["results"] == [entry]

    def test_newest_entries_come_first(self, ada):
        for movie_id in (MATRIX, FIGHT_CLUB, INCEPTION):
            self.add(ada, movie_id)
        assert self.ids(ada) == [INCEPTION, FIGHT_CLUB, MATRIX]
        assert self.ids(ada, "?sort=added_at") == [MATRIX, FIGHT_CLUB, INCEPTION]

    def test_each_user_has_their_own_list(self, ada, path):
        self.add(ada)
        grace = Frontend()
        grace.register("grace")
        assert self.ids(grace) == []
        assert grace.call("delete", f"{path}603/").status_code == 404
        assert grace.get(f"{path}603/").json()["added_at"] is None
        self.add(grace, FIGHT_CLUB)
        assert self.ids(ada) == [MATRIX]

    def test_it_requires_a_login(self, visitor, path):
        for method, where in (
            ("get", path),
            ("post", path),
            ("get", f"{path}603/"),
            ("put", f"{path}603/"),
            ("delete", f"{path}603/"),
            ("post", f"{path}bulk/"),
        ):
            response = visitor.call(method, where, self.body if method in ("post", "put") else None)
            assert response.status_code == 401

    @pytest.mark.parametrize("movie_id", NO_IDS + BEYOND_IDS, ids=repr)
    def test_an_invalid_id_is_rejected(self, ada, movie_id):
        response = self.add(ada, movie_id)
        assert response.status_code == 400
        assert {attr for _, attr in errors(response)} == {"movie_id"}

    @pytest.mark.parametrize("movie_id", NO_PATH_IDS)
    def test_an_invalid_id_in_the_path_is_a_404(self, ada, path, movie_id):
        for method, body in (("get", None), ("put", self.body), ("delete", None)):
            assert ada.call(method, f"{path}{movie_id}/", body).status_code == 404

    def test_an_unknown_movie_is_a_404_and_not_stored(self, ada, path):
        assert self.add(ada, UNKNOWN).status_code == 404
        assert ada.call("put", f"{path}{UNKNOWN}/", self.body).status_code == 404
        assert not Movie.objects.filter(id=UNKNOWN).exists()
        # Checking for the movie does not ask TMDb.
        assert ada.get(f"{path}{UNKNOWN}/").status_code == 200

    def test_it_is_counted_in_the_profile(self, ada):
        self.add(ada)
        self.add(ada, FIGHT_CLUB)
        counts = ada.get("users/profile/").json()["counts"]
        assert counts.pop(self.name) == 2
        assert set(counts.values()) == {0}

    def test_bulk_adds_changes_and_removes(self, ada, path):
        self.add(ada, INCEPTION)
        self.add(ada, FIGHT_CLUB)
        moment = "2020-02-29T12:34:56.789012Z"
        response = ada.post(
            f"{path}bulk/",
            {
                "add": [
                    {"movie_id": MATRIX, "added_at": moment} | self.body,
                    {"movie_id": FIGHT_CLUB} | self.body,
                    {"movie_id": UNKNOWN} | self.body,
                ],
                "remove": [INCEPTION, 13],
            },
        )
        assert response.status_code == 200
        assert response.json() == {
            "added": [MATRIX],
            "updated": [],
            "unchanged": [FIGHT_CLUB],
            "removed": [INCEPTION],
            "not_found": [UNKNOWN, 13],
            "unavailable": [],
        }
        assert self.ids(ada) == [FIGHT_CLUB, MATRIX]
        assert ada.get(f"{path}603/").json()["added_at"] == moment

    def test_bulk_updates_changed_fields(self, ada, path):
        first = self.add(ada).json()
        moment = {"added_at": "2020-01-01T00:00:00Z"}
        body = {"movie_id": MATRIX} | self.body | self.other | moment
        assert ada.post(f"{path}bulk/", {"add": [body]}).json()["updated"] == [MATRIX]
        assert ada.get(path).json()["results"] == [first | self.other | moment]
        assert ada.post(f"{path}bulk/", {"add": [body]}).json()["unchanged"] == [MATRIX]
