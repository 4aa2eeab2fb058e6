import pytest

from users.tests.frontend import errors

from .base import FIGHT_CLUB, MATRIX, ListTests


class TestWatched(ListTests):
    name = "watched"
    flag = "is_watched"
    body = {"watched_on": "2024-02-29", "plays": 2}
    other = {"watched_on": None, "plays": 3}
    shown = {"watched_on": "2024-02-29", "plays": 2}
    absent = {"watched_on": None, "plays": None}

    @pytest.mark.parametrize("plays", [0, -1, 1.5, "2", None, True, 2**31, 2**70], ids=repr)
    def test_plays_are_counted_from_1(self, ada, plays):
        response = self.add(ada, plays=plays)
        assert response.status_code == 400
        assert {attr for _, attr in errors(response)} == {"plays"}

    @pytest.mark.parametrize("day", ["2024-02-30", "yesterday", "", 20240229, [], "0000-01-01"])
    def test_the_day_is_a_date(self, ada, day):
        response = self.add(ada, watched_on=day)
        assert response.status_code == 400
        assert {attr for _, attr in errors(response)} == {"watched_on"}

    def test_date_and_plays_are_optional(self, ada, path):
        entry = ada.post(path, {"movie_id": MATRIX}).json()
        assert (entry["watched_on"], entry["plays"]) == (None, 1)

    def test_fields_that_are_not_given_do_not_change(self, ada, path):
        self.add(ada)
        entry = ada.call("put", f"{path}603/", {"plays": 5}).json()
        assert (entry["watched_on"], entry["plays"]) == ("2024-02-29", 5)
        assert ada.call("put", f"{path}603/", {}).json() == entry

    def test_a_watched_movie_leaves_the_watchlist(self, ada, path):
        for movie_id in (MATRIX, FIGHT_CLUB, 13):
            ada.post("users/watchlist/", {"movie_id": movie_id})
        self.add(ada)
        ada.post(f"{path}bulk/", {"add": [{"movie_id": FIGHT_CLUB}]})
        [left] = ada.get("users/watchlist/").json()["results"]
        assert left["movie"]["id"] == 13

    def test_a_watched_movie_may_be_added_to_the_watchlist_again(self, ada, path):
        self.add(ada)
        ada.post("users/watchlist/", {"movie_id": MATRIX})
        self.add(ada, plays=7)
        ada.post(f"{path}bulk/", {"add": [{"movie_id": MATRIX, "plays": 8}]})
        assert ada.get("users/watchlist/603/").json()["in_watchlist"]
