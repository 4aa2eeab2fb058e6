"""The built-in catalogue is rich and consistent."""

import re
from collections import Counter

from movies.demo.data import catalogue
from movies.genres import ENGLISH_GENRES

MOVIES = catalogue().movies
# A documentary, a movie with one actor, and two whose other voice actors are uncertain.
SMALL_CASTS = {
    "Man with a Movie Camera",
    "Alice",
    "Grave of the Fireflies",
    "Fantastic Planet",
}
OWN_IDS = 900_000_000  # ids of people, keywords and collections from here on are our own


def test_it_is_rich_enough_for_recommendations():
    assert len(MOVIES) >= 300
    decades = Counter(movie.decade for movie in MOVIES)
    assert decades.keys() == {f"{decade}" for decade in range(192, 203)}
    assert min(decades.values()) >= 8
    assert len({movie.original_language for movie in MOVIES}) >= 25
    assert {genre for movie in MOVIES for genre in movie.genres} == set(ENGLISH_GENRES)
    members = Counter(movie.collection for movie in MOVIES if movie.collection)
    assert sum(count >= 2 for count in members.values()) >= 20
    assert sum(bool(movie.translations) for movie in MOVIES) >= 30


def test_every_movie_is_complete():
    known = catalogue()
    for movie in MOVIES:
        assert re.fullmatch(r"tt[0-9]{7,8}", movie.imdb_id), movie.title
        assert re.fullmatch(r"(19[2-9]|20[0-2])\d-[01]\d-[0-3]\d", movie.release_date), movie.title
        assert movie.directors and movie.overview and movie.genres, movie.title
        assert len(movie.cast) <= 10, movie.title
        assert len(movie.cast) >= 5 or movie.title in SMALL_CASTS, movie.title
        assert len(movie.keywords) >= 5, movie.title
        foreign = movie.original_language != "en"
        assert movie.alternative_titles or not foreign, movie.title
        assert all(country for country, _ in movie.alternative_titles), movie.title
        assert movie.runtime is None or 10 < movie.runtime < 500, movie.title
        assert movie.countries and movie.original_language, movie.title
        assert set(movie.countries) <= set(known.countries), movie.title
        assert set(movie.languages) | set(movie.translations) <= set(known.languages), movie.title
        assert not movie.collection or movie.collection in known.collections, movie.title
        released = movie not in known.upcoming
        assert (movie.vote_count >= 200) == released, movie.title


def test_ids_are_unique():
    assert (
        len({movie.id for movie in MOVIES})
        == len({movie.imdb_id for movie in MOVIES})
        == len(MOVIES)
    )
    people = catalogue().people
    assert len(set(people.values())) == len(people)
    assert all(0 < person < 10_000_000 or person > OWN_IDS for person in people)
