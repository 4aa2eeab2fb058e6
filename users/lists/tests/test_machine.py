"""A state machine that compares the lists with plain sets."""

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from users.models import User
from users.tests.frontend import Frontend

pytestmark = pytest.mark.slow

MOVIES = st.sampled_from([603, 604, 605, 550, 13])
LISTS = st.sampled_from(["favorites", "watchlist", "watched", "hidden"])


class Lists(RuleBasedStateMachine):
    @initialize()
    def register(self):
        self.page = Frontend()
        self.page.register()
        self.model = {name: set() for name in ("favorites", "watchlist", "watched", "hidden")}
        self.ratings = {}

    def added(self, name: str, movies: set[int]) -> None:
        if name == "watched":
            self.model["watchlist"] -= movies - self.model["watched"]
        self.model[name] |= movies

    @rule(name=LISTS, movie=MOVIES)
    def add(self, name, movie):
        status = self.page.post(f"users/{name}/", {"movie_id": movie}).status_code
        assert status == (200 if movie in self.model[name] else 201)
        self.added(name, {movie})

    @rule(name=LISTS, movie=MOVIES)
    def put(self, name, movie):
        status = self.page.call("put", f"users/{name}/{movie}/", {}).status_code
        assert status == (200 if movie in self.model[name] else 201)
        self.added(name, {movie})

    @rule(name=LISTS, movie=MOVIES)
    def remove(self, name, movie):
        status = self.page.call("delete", f"users/{name}/{movie}/").status_code
        assert status == (204 if movie in self.model[name] else 404)
        self.model[name].discard(movie)

    @rule(name=LISTS, add=st.sets(MOVIES), remove=st.sets(MOVIES))
    def bulk(self, name, add, remove):
        remove -= add
        body = {"add": [{"movie_id": movie} for movie in add], "remove": list(remove)}
        answer = self.page.post(f"users/{name}/bulk/", body).json()
        assert set(answer["added"]) == add - self.model[name]
        assert set(answer["unchanged"]) == add & self.model[name]
        assert set(answer["removed"]) == remove & self.model[name]
        assert set(answer["not_found"]) == remove - self.model[name]
        self.model[name] -= remove
        self.added(name, add)

    @rule(movie=MOVIES, rating=st.integers(1, 10))
    def rate(self, movie, rating):
        status = self.page.post("users/ratings/", {"movie_id": movie, "rating": rating}).status_code
        assert status == (200 if movie in self.ratings else 201)
        self.ratings[movie] = rating

    @rule(movie=MOVIES)
    def rate_as_it_is(self, movie):
        status = self.page.call("put", f"users/ratings/{movie}/", {}).status_code
        assert status == (200 if movie in self.ratings else 400)

    @rule(movie=MOVIES)
    def forget_the_rating(self, movie):
        status = self.page.call("delete", f"users/ratings/{movie}/").status_code
        assert status == (204 if movie in self.ratings else 404)
        self.ratings.pop(movie, None)

    @rule(add=st.dictionaries(MOVIES, st.integers(1, 10)), remove=st.sets(MOVIES))
    def rate_in_bulk(self, add, remove):
        remove -= add.keys()
        additions = [{"movie_id": movie, "rating": rating} for movie, rating in add.items()]
        body = {"add": additions, "remove": list(remove)}
        answer = self.page.post("users/ratings/bulk/", body).json()
        same = {movie for movie in add if self.ratings.get(movie) == add[movie]}
        assert set(answer["added"]) == add.keys() - self.ratings.keys()
        assert set(answer["unchanged"]) == same
        assert set(answer["updated"]) == (add.keys() & self.ratings.keys()) - same
        assert set(answer["removed"]) == remove & self.ratings.keys()
        self.ratings = {f: r for f, r in (self.ratings | add).items() if f not in remove}

    @invariant()
    def everything_agrees(self):
        movies = self.page.get("users/library/?movie_ids=603,604,605,550,13").json()
        flags = {
            "favorites": "is_favorite",
            "watchlist": "in_watchlist",
            "watched": "is_watched",
            "hidden": "is_hidden",
        }
        for name, flag in flags.items():
            assert {int(movie) for movie in movies if movies[movie][flag]} == self.model[name]
        ratings = {int(movie): movies[movie]["rating"] for movie in movies}
        assert {movie: r for movie, r in ratings.items() if r is not None} == self.ratings
        counts = self.page.get("users/profile/").json()["counts"]
        assert counts == {n: len(m) for n, m in self.model.items()} | {"ratings": len(self.ratings)}

    def teardown(self):
        User.objects.all().delete()


def test_any_sequence_of_calls_behaves_like_sets(db, settings):
    settings.THROTTLE_LOGIN = settings.THROTTLE_USER = "100000/min"
    fixed = hypothesis.settings(
        max_examples=25, stateful_step_count=20, deadline=None, derandomize=True
    )
    run_state_machine_as_test(Lists, settings=fixed)
