"""The movies that each of TMDb's lists contains, and their order."""

import hashlib
from collections.abc import Callable, Iterable, Mapping

from movies.tmdb import MIN_VOTES

from .data import Catalogue, DemoMovie, searchable

MOST_RELATED = 40


def trending(catalogue: Catalogue, window: str) -> list[DemoMovie]:
    """Return the released movies by popularity, shuffled a little in an order fixed by `window`."""

    def heat(movie: DemoMovie) -> float:
        digest = hashlib.sha256(f"{window}:{movie.id}".encode()).digest()
        return movie.popularity * (0.5 + digest[0] / 255)

    return sorted(catalogue.released, key=lambda movie: (-heat(movie), movie.id))


def by_popularity(movies: Iterable[DemoMovie]) -> list[DemoMovie]:
    return sorted(movies, key=lambda movie: (-movie.popularity, movie.id))


def chart(catalogue: Catalogue, name: str) -> list[DemoMovie]:
    if name == "now_playing":
        return by_popularity(catalogue.now_playing)
    if name == "upcoming":
        return by_popularity(catalogue.upcoming)
    if name == "top_rated":
        rated = [movie for movie in catalogue.released if movie.vote_count >= MIN_VOTES]
        return sorted(rated, key=lambda movie: (-movie.vote_average, -movie.vote_count, movie.id))
    return by_popularity(catalogue.released)


def search(catalogue: Catalogue, query: str, year: str | None) -> list[DemoMovie]:
    """Return the movies with a matching title, the best match first (see `match_rank`)."""
    wanted = searchable(query)
    found = []
    for movie in catalogue.movies:
        rank = min(match_rank(title, wanted) for title in movie.titles)
        if rank < NO_MATCH and (not year or movie.release_date[:4] == year):
            found.append((rank, -movie.popularity, movie.id, movie))
    return [entry[-1] for entry in sorted(found)]


NO_MATCH = 8
SHORTEST_INSIDE = 3  # letters; shorter queries occur within nearly every title


def match_rank(title: str, wanted: str) -> int:
    """Return how well a title matches a query, from 0 (best) to NO_MATCH; both `searchable`."""
    if not wanted:
        return NO_MATCH
    words = title.split()
    together, wanted_together = title.replace(" ", ""), wanted.replace(" ", "")
    matches = (
        title == wanted,
        title.startswith(f"{wanted} "),
        title.startswith(wanted),
        f" {wanted} " in f" {title} ",
        len(wanted_together) > SHORTEST_INSIDE and together.startswith(wanted_together),
        all(any(word.startswith(part) for word in words) for part in wanted.split()),
        len(wanted) >= SHORTEST_INSIDE and wanted in title,
    )
    return matches.index(True) if True in matches else NO_MATCH


def values(raw: str) -> tuple[Callable[[Iterable[object]], bool], list[str]]:
    """Split the value of a with_* parameter: a comma means all of them, a bar any of them."""
    return (any, raw.split("|")) if "|" in raw else (all, raw.split(","))


def has(ids: Iterable[int], raw: str) -> bool:
    quantifier, wanted = values(raw)
    return quantifier(each in map(str, ids) for each in wanted)


def lacks(ids: Iterable[int], raw: str) -> bool:
    return not set(map(str, ids)) & set(raw.replace("|", ",").split(","))


def actors(movie: DemoMovie) -> tuple[int, ...]:
    return tuple(person for person, _ in movie.cast)


# The filters of /discover/movie, which take the parameter's value. Movies without votes count as
# rated 0, as at TMDb.
FILTERS: dict[str, Callable[[DemoMovie, str], bool]] = {
    "with_genres": lambda movie, raw: has(movie.genres, raw),
    "without_genres": lambda movie, raw: lacks(movie.genres, raw),
    "year": lambda movie, raw: movie.release_date[:4] == raw,
    "primary_release_year": lambda movie, raw: movie.release_date[:4] == raw,
    "primary_release_date.gte": lambda movie, raw: movie.release_date >= raw,
    "primary_release_date.lte": lambda movie, raw: movie.release_date <= raw,
    "release_date.gte": lambda movie, raw: movie.release_date >= raw,
    "release_date.lte": lambda movie, raw: movie.release_date <= raw,
    "vote_average.gte": lambda movie, raw: movie.vote_average >= float(raw),
    "vote_average.lte": lambda movie, raw: movie.vote_average <= float(raw),
    "vote_count.gte": lambda movie, raw: movie.vote_count >= float(raw),
    "vote_count.lte": lambda movie, raw: movie.vote_count <= float(raw),
    "with_runtime.gte": lambda movie, raw: (movie.runtime or 0) >= float(raw),
    "with_runtime.lte": lambda movie, raw: (movie.runtime or 0) <= float(raw),
    "with_original_language": lambda movie, raw: movie.original_language in values(raw)[1],
    "with_origin_country": lambda movie, raw: any(
        each in movie.countries for each in values(raw)[1]
    ),
    "with_keywords": lambda movie, raw: has(movie.keywords, raw),
    "without_keywords": lambda movie, raw: lacks(movie.keywords, raw),
    "with_cast": lambda movie, raw: has(actors(movie), raw),
    "with_crew": lambda movie, raw: has(movie.directors, raw),
    "with_people": lambda movie, raw: has((*movie.directors, *actors(movie)), raw),
}
ORDERS: dict[str, Callable[[DemoMovie], float | str]] = {
    "popularity": lambda movie: movie.popularity,
    "vote_average": lambda movie: movie.vote_average,
    "primary_release_date": lambda movie: movie.release_date,
    "release_date": lambda movie: movie.release_date,
    "vote_count": lambda movie: movie.vote_count,
    "title": lambda movie: searchable(movie.title),
    "original_title": lambda movie: searchable(movie.original_title),
}


def discover(catalogue: Catalogue, parameters: Mapping[str, str]) -> list[DemoMovie]:
    """Return the movies that pass all given filters. Raises ValueError if a number is malformed."""
    active = [(FILTERS[name], raw) for name, raw in parameters.items() if name in FILTERS and raw]
    movies = [
        movie for movie in catalogue.movies if all(passes(movie, raw) for passes, raw in active)
    ]
    order, _, direction = parameters.get("sort_by", "").rpartition(".")
    key = ORDERS.get(order, ORDERS["popularity"])
    movies.sort(key=lambda movie: movie.id)
    return sorted(movies, key=key, reverse=direction != "asc")


def recommendations(catalogue: Catalogue, movie: DemoMovie) -> list[DemoMovie]:
    """Return movies that have distinctive features and genres in common with this one.

    Popularity raises a movie's similarity a little.
    """

    def similarity(other: DemoMovie) -> float:
        genres = len(set(movie.genres) & set(other.genres)) / len({*movie.genres, *other.genres})
        return shared(catalogue, movie, other) * (0.3 + genres) * (1 + other.popularity / 500)

    return related(catalogue, movie, similarity)


def similar(catalogue: Catalogue, movie: DemoMovie) -> list[DemoMovie]:
    """Return movies that have genres and keywords in common with this one."""
    return related(
        catalogue, movie, lambda other: shared(catalogue, movie, other, kinds=("genre", "keyword"))
    )


def related(
    catalogue: Catalogue, movie: DemoMovie, similarity: Callable[[DemoMovie], float]
) -> list[DemoMovie]:
    rated = [
        (similarity(other), other.id, other) for other in catalogue.movies if other is not movie
    ]
    ordered = sorted((each for each in rated if each[0] > 0), key=lambda each: (-each[0], each[1]))
    return [other for _, _, other in ordered[:MOST_RELATED]]


def shared(
    catalogue: Catalogue, movie: DemoMovie, other: DemoMovie, kinds: tuple[str, ...] | None = None
) -> float:
    """Return the sum of the weights of the features that two movies share."""
    return sum(
        catalogue.weights[feature]
        for feature in movie.features & other.features
        if kinds is None or feature[0] in kinds
    )
