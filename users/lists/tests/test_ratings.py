import pytest

from users.tests.frontend import errors

from .base import ListTests


class TestRatings(ListTests):
    name = "ratings"
    body = {"rating": 8}
    other = {"rating": 3}
    shown = {"rating": 8}
    absent = {"rating": None}

    @pytest.mark.parametrize("rating", [0, 11, -1, 7.5, 8.0, "8", None, True, [], 2**70], ids=repr)
    def test_a_rating_is_a_whole_number_from_1_to_10(self, ada, rating):
        response = self.add(ada, rating=rating)
        assert response.status_code == 400
        assert {attr for _, attr in errors(response)} == {"rating"}

    def test_a_new_rating_requires_a_value(self, ada, path):
        assert errors(ada.post(path, {"movie_id": 603})) == {("required", "rating")}
        assert errors(ada.call("put", f"{path}603/", {})) == {("required", "rating")}
        additions = [{"movie_id": 550, "rating": 7}, {"movie_id": 603}, {"movie_id": 999_999_999}]
        response = ada.post(f"{path}bulk/", {"add": additions})
        assert errors(response) == {("required", "add.1.rating"), ("required", "add.2.rating")}
        assert ada.get(path).json()["results"] == []

    def test_tmdb_is_not_asked_if_the_rating_is_missing(self, ada, path, tmdb):
        ada.call("put", f"{path}603/", {})
        ada.post(f"{path}bulk/", {"add": [{"movie_id": 603}, {"movie_id": 550, "rating": 8}]})
        assert tmdb.requests()["paths"] == {}

    def test_a_rating_is_kept_if_none_is_given(self, ada, path):
        entry = self.add(ada).json()
        response = ada.call("put", f"{path}603/", {})
        assert (response.status_code, response.json()) == (200, entry)
        moment = {"added_at": "2020-01-01T00:00:00Z"}
        body = {"add": [{"movie_id": 603} | moment]}
        assert ada.post(f"{path}bulk/", body).json()["updated"] == [603]
        assert ada.get(path).json()["results"] == [entry | moment]
