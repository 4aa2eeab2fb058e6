"""The films of catalogue.json and what follows from them: the demo's clock and its charts.

Ids below 900,000,000 are TMDb's; people, keywords and collections whose id at TMDb is not known
for sure have one of ours from there on. `popularity`, `vote_average` and `vote_count` are made
up by formula from how well a film is known, in TMDb's order of magnitude.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from math import log
from pathlib import Path

from movies.text import fold

UPCOMING = 20
NOW_PLAYING = 40

# How much a shared feature tells about two films, before its rarity is counted in.
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
# What fewer than so many films share tells no more about them: a keyword may be a whim.
RAREST = 5

PART_NUMBERS = {"ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True)
class Film:
    """One film of catalogue.json; attributes are its keys there."""

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
        """Every title the film is known by, folded for searching."""
        known = [self.title, self.original_title]
        known += [title for _, title in self.alternative_titles]
        known += [translation["title"] for translation in self.translations.values()]
        return tuple(dict.fromkeys(searchable(title) for title in known))

    @cached_property
    def features(self) -> frozenset[tuple[str, object]]:
        """What the film shares with others, as (kind, value)."""
        found = {("collection", self.collection)} if self.collection else set()
        found |= {("director", person) for person in self.directors}
        found |= {("keyword", keyword) for keyword in self.keywords}
        found |= {("cast", person) for person, _ in self.cast[:FEATURED_CAST]}
        found |= {("genre", genre) for genre in self.genres}
        found |= {("language", self.original_language), ("decade", self.decade)}
        return frozenset(found)


@dataclass(frozen=True)
class Catalogue:
    """All films, the oldest first, and the names that they point to."""

    films: tuple[Film, ...]
    people: dict[int, str]
    keywords: dict[int, str]
    collections: dict[int, str]
    countries: dict[str, str]
    languages: dict[str, list[str]]
    genre_names: dict[str, dict[str, str]]

    @cached_property
    def by_id(self) -> dict[str, Film]:
        """Films by TMDb id and by IMDb id, both as they stand in a path."""
        known = {str(film.id): film for film in self.films}
        return known | {film.imdb_id: film for film in self.films if film.imdb_id}

    @property
    def today(self) -> date:
        """The demo's clock: the day before the first of the upcoming films is released."""
        return date.fromisoformat(self.upcoming[0].release_date) - timedelta(days=1)

    @property
    def released(self) -> tuple[Film, ...]:
        return self.films[:-UPCOMING]

    @property
    def upcoming(self) -> tuple[Film, ...]:
        return self.films[-UPCOMING:]

    @property
    def now_playing(self) -> tuple[Film, ...]:
        return self.released[-NOW_PLAYING:]

    @cached_property
    def weights(self) -> dict[tuple[str, object], float]:
        """The weight of each feature: its kind's, times its inverse document frequency."""
        counts = Counter(feature for film in self.films for feature in film.features)
        return {
            feature: FEATURE_WEIGHTS[feature[0]] * log(len(self.films) / max(count, RAREST))
            for feature, count in counts.items()
        }


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, read at the first call."""
    content = json.loads(Path(__file__).with_name("catalogue.json").read_text("utf-8"))
    films = sorted(map(film_of, content["films"]), key=lambda film: (film.release_date, film.id))
    unreleased = [replace(film, vote_average=0, vote_count=0) for film in films[-UPCOMING:]]
    return Catalogue(
        films=(*films[:-UPCOMING], *unreleased),
        people={int(key): name for key, name in content["people"].items()},
        keywords={int(key): name for key, name in content["keywords"].items()},
        collections={int(key): name for key, name in content["collections"].items()},
        countries=content["countries"],
        languages=content["languages"],
        genre_names=content["genre_names"],
    )


def film_of(entry: dict) -> Film:
    return Film(**{key: frozen(value) for key, value in entry.items()})


def frozen(value: object) -> object:
    return tuple(frozen(each) for each in value) if isinstance(value, list) else value


def searchable(title: str) -> str:
    """Fold `title` to the words that it is searched by.

    Punctuation parts words and is otherwise overlooked, "&" is "and", single letters in a row
    are one word (E.T.), and the numbers of parts are digits.
    """
    folded = fold(title)
    letters = (letter if letter.isalnum() else " " for letter in folded.replace("&", " and "))
    words = "".join(letters).split()
    if not any(letter.isalnum() for letter in folded):
        return folded
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", " ".join(words))
    return " ".join(PART_NUMBERS.get(word, word) for word in joined.split())
