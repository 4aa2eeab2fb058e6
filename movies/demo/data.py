"""The movies of catalogue.json, and what is derived from them: the demo's date and charts.

Ids below 900,000,000 are TMDb's. People, keywords and collections whose TMDb id is uncertain have
ids of our own, from 900,000,000 on. `popularity`, `vote_average` and `vote_count` are calculated
from how well known a movie is; they have TMDb's orders of magnitude.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from math import log
from pathlib import Path
from typing import Any

from movies.text import fold

UPCOMING = 20
NOW_PLAYING = 40

Feature = tuple[str, object]  # its kind, a key of FEATURE_WEIGHTS, and its value

# How much a shared feature adds to the similarity of two movies, before its idf.
FEATURE_WEIGHTS = {
    "collection": 3.0,
    "director": 2.0,
    "keyword": 1.5,
    "cast": 1.0,
    "genre": 0.7,
    "language": 0.5,
    "decade": 0.3,
}
FEATURED_CAST = 5
# The lowest document frequency that idf is calculated from: a rare keyword may be arbitrary.
MIN_FREQUENCY = 5

PART_NUMBERS = {"ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True)
class DemoMovie:
    """A movie of catalogue.json. The attributes are its keys there; `runtime` is in minutes."""

    id: int
    imdb_id: str | None
    title: str
    original_title: str
    original_language: str
    release_date: str
    runtime: int | None
    genres: tuple[int, ...]
    directors: tuple[int, ...]
    cast: tuple[tuple[int, str | None], ...]
    keywords: tuple[int, ...]
    collection: int | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    certifications: dict[str, str]
    tagline: str | None
    overview: str
    alternative_titles: tuple[tuple[str, str], ...]
    translations: dict[str, dict[str, str]]
    popularity: float
    vote_average: float
    vote_count: int

    def __hash__(self) -> int:
        return self.id

    @property
    def decade(self) -> str:
        return self.release_date[:3]

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Every title of the movie, in the form of `searchable`, without duplicates."""
        known = [self.title, self.original_title]
        known += [title for _, title in self.alternative_titles]
        known += [translation["title"] for translation in self.translations.values()]
        return tuple(dict.fromkeys(searchable(title) for title in known))

    @cached_property
    def features(self) -> frozenset[Feature]:
        """What the movie may have in common with others."""
        found: set[Feature] = {("language", self.original_language), ("decade", self.decade)}
        if self.collection:
            found.add(("collection", self.collection))
        found |= {("director", person) for person in self.directors}
        found |= {("keyword", keyword) for keyword in self.keywords}
        found |= {("cast", person) for person, _ in self.cast[:FEATURED_CAST]}
        found |= {("genre", genre) for genre in self.genres}
        return frozenset(found)


@dataclass(frozen=True)
class Catalogue:
    """All movies, the oldest first, and the names that their ids and codes stand for."""

    movies: tuple[DemoMovie, ...]
    people: dict[int, str]
    keywords: dict[int, str]
    collections: dict[int, str]
    countries: dict[str, str]
    languages: dict[str, list[str]]
    genre_names: dict[str, dict[str, str]]

    @cached_property
    def by_id(self) -> dict[str, DemoMovie]:
        """Movies by TMDb id and by IMDb id, both as strings."""
        known = {str(movie.id): movie for movie in self.movies}
        return known | {movie.imdb_id: movie for movie in self.movies if movie.imdb_id}

    @property
    def today(self) -> date:
        """The demo's date: the day before the first upcoming movie is released."""
        return date.fromisoformat(self.upcoming[0].release_date) - timedelta(days=1)

    @property
    def released(self) -> tuple[DemoMovie, ...]:
        return self.movies[:-UPCOMING]

    @property
    def upcoming(self) -> tuple[DemoMovie, ...]:
        return self.movies[-UPCOMING:]

    @property
    def now_playing(self) -> tuple[DemoMovie, ...]:
        return self.released[-NOW_PLAYING:]

    @cached_property
    def weights(self) -> dict[Feature, float]:
        """The weight of each feature: that of its kind times its idf."""
        counts = Counter(feature for movie in self.movies for feature in movie.features)
        return {
            feature: FEATURE_WEIGHTS[feature[0]] * log(len(self.movies) / max(count, MIN_FREQUENCY))
            for feature, count in counts.items()
        }


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, which is read on the first call."""
    content = json.loads(Path(__file__).with_name("catalogue.json").read_text("utf-8"))
    movies = sorted(
        map(demo_movie, content["movies"]), key=lambda movie: (movie.release_date, movie.id)
    )
    unreleased = [replace(movie, vote_average=0, vote_count=0) for movie in movies[-UPCOMING:]]
    return Catalogue(
        movies=(*movies[:-UPCOMING], *unreleased),
        people={int(key): name for key, name in content["people"].items()},
        keywords={int(key): name for key, name in content["keywords"].items()},
        collections={int(key): name for key, name in content["collections"].items()},
        countries=content["countries"],
        languages=content["languages"],
        genre_names=content["genre_names"],
    )


def demo_movie(entry: dict[str, Any]) -> DemoMovie:
    return DemoMovie(**{key: frozen(value) for key, value in entry.items()})


def frozen(value: Any) -> Any:
    """Return a JSON value with its lists as tuples."""
    return tuple(frozen(each) for each in value) if isinstance(value, list) else value


def searchable(title: str) -> str:
    """Return `title` as it is compared in searches: folded words, separated by spaces.

    Punctuation separates words, "&" becomes "and", consecutive single letters are joined
    ("E.T." becomes "et"), and Roman numerals from II to IV become digits.
    """
    folded = fold(title)
    letters = (letter if letter.isalnum() else " " for letter in folded.replace("&", " and "))
    words = "".join(letters).split()
    if not any(letter.isalnum() for letter in folded):
        return folded
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", " ".join(words))
    return " ".join(PART_NUMBERS.get(word, word) for word in joined.split())
