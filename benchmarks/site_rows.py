"""The rows of a generated site. The same seed and sizes draw the same rows.

Times count back from the beginning of the current day.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from movies.genres import ENGLISH_GENRES
from movies.text import fold

# The users with a list of a known length, by name. Their ids are 1, 2, 3 in this order.
TYPICAL, FIFTY, COLLECTOR = "typical", "fifty", "collector"
FAVORITES_OF = {TYPICAL: 100, FIFTY: 50, COLLECTOR: 50_000}
# Only this user has other lists than favorites, all of the same length.
ON_ALL_LISTS = TYPICAL
# Entries of the other lists for each favorite.
SHARES = {"watchlist": 0.1, "watched": 0.2, "ratings": 0.2, "hidden": 0.01}

MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
YEAR = 365 * 24 * 3600 * 1_000_000  # microseconds
SYLLABLES = "ba ce di fo gu ha jé ki lo mü na or pa ra si tu vé wa xi zo el an".split()
# More common genres first.
GENRES = [18, 35, 53, 28, 10749, 99, 27, 80, 12, 878, 10751, 16, 14, 9648, 10402, 36, 10752, 10770]
GENRES += ENGLISH_GENRES.keys() - set(GENRES)
LANGUAGES = ["en"] * 6 + ["fr", "es", "ja", "de", "it", "hi"]


def words(random: np.random.Generator, number: int) -> list[str]:
    picked = random.integers(0, len(SYLLABLES), (number, 3))
    return ["".join(SYLLABLES[each] for each in row).capitalize() for row in picked.tolist()]


def movie_popularity(random: np.random.Generator, movies: int) -> np.ndarray:
    """Return a share of all attention for each movie, which follows a power law."""
    shares = np.arange(1, movies + 1) ** -0.8
    return random.permutation(shares / shares.sum())


def users(random: np.random.Generator, number: int) -> Iterator[list[Any]]:
    """Yield id, username, email, date_joined, last_login."""
    names = [*FAVORITES_OF, *(f"user{each}" for each in range(len(FAVORITES_OF) + 1, number + 1))]
    joined = random.integers(0, 5 * YEAR, number)
    idle = random.random(number)
    for place, name in enumerate(names):
        since = timedelta(microseconds=int(joined[place]))
        last = None if idle[place] > 0.9 else MIDNIGHT - since * float(idle[place])
        yield [place + 1, name, f"{name}@mail.example", MIDNIGHT - since, last]


def movies(
    random: np.random.Generator, popularity: np.ndarray, old: float
) -> Iterator[dict[str, Any]]:
    """Yield a dict of Movie's columns for each id from 1; `old` is the share fetched long ago."""
    number = len(popularity)
    vocabulary = words(random, 3000)
    people = [
        {"id": each, "name": " ".join(words(random, 2)), "profile_url": f"/w185/p{each}.jpg"}
        for each in range(1, 20_001)
    ]
    keywords = [{"id": each, "name": word} for each, word in enumerate(vocabulary, 1)]
    chances = random.random((number, 6)).tolist()
    # Famous words, people and keywords are used more often.
    title_words = (random.random((number, 4)) ** 2 * len(vocabulary)).astype(int).tolist()
    overview_words = random.integers(0, len(vocabulary), (number, 40)).tolist()
    cast = (random.random((number, 13)) ** 2 * len(people)).astype(int).tolist()
    tags = (random.random((number, 8)) ** 2 * len(keywords)).astype(int).tolist()
    votes = random.gamma(2.0, 1.0, number) * popularity * 1e7
    average = np.clip(random.normal(6.3, 1.2, number), 0.5, 10).round(3).tolist()
    noise = random.lognormal(0, 0.7, number)
    ages = (random.random(number) ** 2 * 25_000).astype(int).tolist()
    for place in range(number):
        chance = chances[place]
        movie_id = place + 1
        title = " ".join(vocabulary[each] for each in title_words[place][: 1 + int(chance[0] * 4)])
        stale = chance[1] < old
        age = timedelta(days=181 + chance[2] * 300 if stale else chance[2] * 170)
        overview = " ".join(vocabulary[each] for each in overview_words[place])
        released = MIDNIGHT.date() - timedelta(days=ages[place])
        yield {
            "id": movie_id,
            "title": title,
            "folded_title": fold(title),
            "original_title": title,
            "original_language": LANGUAGES[movie_id % len(LANGUAGES)],
            "overview": overview,
            "release_date": None if chance[3] < 0.02 else released,
            "poster_path": f"/poster{movie_id}.jpg",
            "backdrop_path": f"/backdrop{movie_id}.jpg",
            "popularity": round(float(popularity[place] * noise[place] * number), 4),
            "vote_average": None if chance[4] < 0.05 else average[place],
            "vote_count": int(votes[place]),
            "imdb_id": f"tt{movie_id:07}",
            "runtime": 60 + movie_id % 120,
            "details": json.dumps(
                details(
                    overview,
                    [people[each] for each in cast[place]],
                    [keywords[each] for each in tags[place]],
                )
            ),
            "is_provisional": chance[5] < 0.01,
            "fetched_at": MIDNIGHT - age,
            "gone_at": MIDNIGHT - age if chance[5] > 0.995 else None,
        }


def details(overview: str, cast: list[dict], keywords: list[dict]) -> dict[str, Any]:
    actors = [
        each | {"character": keywords[0]["name"], "order": order}
        for order, each in enumerate(cast[1:])
    ]
    trailer = {"name": "Trailer", "site": "YouTube", "key": "k", "url": "/k", "official": True}
    return {
        "overview": overview,
        "overview_language": "en-US",
        "status": "Released",
        "budget": 1_000_000,
        "revenue": 2_000_000,
        "production_countries": [{"code": "US", "name": "United States of America"}],
        "spoken_languages": [{"code": "en", "name": "English"}],
        "keywords": keywords,
        "directors": cast[:1],
        "cast": actors,
        "trailers": [trailer],
    }


def movie_genres(random: np.random.Generator, movies: int) -> dict[str, np.ndarray]:
    """Return movie_id, genre_id and position of each movie's one to four genres."""
    weights = np.arange(1, len(GENRES) + 1) ** -0.9
    # The highest keys are a weighted draw without replacement.
    keys = np.log(random.random((movies, len(GENRES)))) / weights
    best = np.argsort(-keys, axis=1)[:, :4]
    movie, position = np.nonzero(np.arange(4) < random.integers(1, 5, movies)[:, None])
    genre = np.array(GENRES)[best[movie, position]]
    return {"movie_id": movie + 1, "genre_id": genre, "position": position}


def entries(
    random: np.random.Generator, popularity: np.ndarray, users: int, total: int, own: dict[int, int]
) -> dict[str, np.ndarray]:
    """Return user_id, movie_id and added_at of a list's rows, oldest first.

    `own` has the users with a list of a known length. All others share the remaining rows, their
    activity following a power law.
    """
    movies = len(popularity)
    others = np.setdiff1d(np.arange(1, users + 1), [*range(1, len(FAVORITES_OF) + 1)])
    activity = np.minimum(random.pareto(1.2, len(others)) + 0.2, 2000)
    needed = max(total - sum(min(length, movies // 2) for length in own.values()), 0)
    pairs = np.empty(0, dtype=np.int64)
    cumulative = np.cumsum(popularity) / popularity.sum()
    whose = np.cumsum(activity) / activity.sum()
    while len(pairs) < needed:
        draws = int((needed - len(pairs)) * 1.2) + 100
        user = others[np.searchsorted(whose, random.random(draws))]
        movie = np.searchsorted(cumulative, random.random(draws)) + 1
        pairs = np.union1d(pairs, user * (movies + 1) + movie)
    pairs = random.permutation(pairs)[:needed]
    for user_id, length in own.items():
        length = min(length, movies // 2)
        movie = random.choice(movies, length, replace=False, p=popularity / popularity.sum()) + 1
        pairs = np.concatenate([pairs, user_id * (movies + 1) + movie])
    # People add several movies at once, and imports have a single time, so there are ties.
    pairs = random.permutation(pairs)
    times = np.sort(random.integers(0, 3 * YEAR, len(pairs)) // 10_000_000 * 10_000_000)
    midnight = (MIDNIGHT - POSTGRES_EPOCH) // timedelta(microseconds=1)
    return {
        "user_id": pairs // (movies + 1),
        "movie_id": pairs % (movies + 1),
        "added_at": midnight - 3 * YEAR + times,
    }


def days(times: np.ndarray) -> np.ndarray:
    """Return times in PostgreSQL's format as dates in its format."""
    return times // (24 * 3600 * 1_000_000)
