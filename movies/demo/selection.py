"""Which films answer a question, and in which order."""

import hashlib
from collections.abc import Callable, Iterable, Mapping

from .data import Catalogue, Film, searchable

MOST_RELATED = 40
MIN_VOTES_TOP_RATED = 200


def trending(catalogue: Catalogue, window: str) -> list[Film]:
    """Shuffle popularity, always in the same way, differently for the day and the week."""

    def heat(film: Film) -> float:
        digest = hashlib.sha256(f"{window}:{film.id}".encode()).digest()
        return film.popularity * (0.5 + digest[0] / 255)

    return sorted(catalogue.released, key=lambda film: (-heat(film), film.id))


def by_popularity(films) -> list[Film]:
    return sorted(films, key=lambda film: (-film.popularity, film.id))


def chart(catalogue: Catalogue, name: str) -> list[Film]:
    if name == "now_playing":
        return by_popularity(catalogue.now_playing)
    if name == "upcoming":
        return by_popularity(catalogue.upcoming)
    if name == "top_rated":
        rated = [film for film in catalogue.released if film.vote_count >= MIN_VOTES_TOP_RATED]
        return sorted(rated, key=lambda film: (-film.vote_average, -film.vote_count, film.id))
    return by_popularity(catalogue.released)


def search(catalogue: Catalogue, query: str, year: str | None) -> list[Film]:
    """Find films by any of their titles, the best match first (see `match_rank`)."""
    wanted = searchable(query)
    found = []
    for film in catalogue.films:
        rank = min(match_rank(title, wanted) for title in film.titles)
        if rank < NO_MATCH and (not year or film.release_date[:4] == year):
            found.append((rank, -film.popularity, film.id, film))
    return [entry[-1] for entry in sorted(found)]


NO_MATCH = 8
SHORTEST_INSIDE = 3  # letters; fewer stand inside nearly every title


def match_rank(title: str, wanted: str) -> int:
    """Return how well a title matches a query, both `searchable`; 0 is best."""
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


def values(raw: str) -> tuple[Callable, list[str]]:
    """Split a with_* list: a comma means all of them, a bar any of them."""
    return (any, raw.split("|")) if "|" in raw else (all, raw.split(","))


def has(ids: Iterable[int], raw: str) -> bool:
    quantifier, wanted = values(raw)
    return quantifier(each in map(str, ids) for each in wanted)


def lacks(ids: Iterable[int], raw: str) -> bool:
    return not set(map(str, ids)) & set(raw.replace("|", ",").split(","))


def actors(film: Film) -> tuple[int, ...]:
    return tuple(person for person, _ in film.cast)


# discover's parameters: whether a film passes, given the parameter's text. Films that have
# no votes yet count as rated 0, as they do at TMDb.
FILTERS: dict[str, Callable[[Film, str], bool]] = {
    "with_genres": lambda film, raw: has(film.genres, raw),
    "without_genres": lambda film, raw: lacks(film.genres, raw),
    "year": lambda film, raw: film.release_date[:4] == raw,
    "primary_release_year": lambda film, raw: film.release_date[:4] == raw,
    "primary_release_date.gte": lambda film, raw: film.release_date >= raw,
    "primary_release_date.lte": lambda film, raw: film.release_date <= raw,
    "release_date.gte": lambda film, raw: film.release_date >= raw,
    "release_date.lte": lambda film, raw: film.release_date <= raw,
    "vote_average.gte": lambda film, raw: film.vote_average >= float(raw),
    "vote_average.lte": lambda film, raw: film.vote_average <= float(raw),
    "vote_count.gte": lambda film, raw: film.vote_count >= float(raw),
    "vote_count.lte": lambda film, raw: film.vote_count <= float(raw),
    "with_runtime.gte": lambda film, raw: (film.runtime or 0) >= float(raw),
    "with_runtime.lte": lambda film, raw: (film.runtime or 0) <= float(raw),
    "with_original_language": lambda film, raw: film.original_language in values(raw)[1],
    "with_origin_country": lambda film, raw: any(each in film.countries for each in values(raw)[1]),
    "with_keywords": lambda film, raw: has(film.keywords, raw),
    "without_keywords": lambda film, raw: lacks(film.keywords, raw),
    "with_cast": lambda film, raw: has(actors(film), raw),
    "with_crew": lambda film, raw: has(film.directors, raw),
    "with_people": lambda film, raw: has((*film.directors, *actors(film)), raw),
}
ORDERS: dict[str, Callable[[Film], object]] = {
    "popularity": lambda film: film.popularity,
    "vote_average": lambda film: film.vote_average,
    "primary_release_date": lambda film: film.release_date,
    "release_date": lambda film: film.release_date,
    "vote_count": lambda film: film.vote_count,
    "title": lambda film: searchable(film.title),
    "original_title": lambda film: searchable(film.original_title),
}


def discover(catalogue: Catalogue, parameters: Mapping[str, str]) -> list[Film]:
    """Return the films that pass every given filter. Raises ValueError for a bad number."""
    active = [(FILTERS[name], raw) for name, raw in parameters.items() if name in FILTERS and raw]
    films = [film for film in catalogue.films if all(passes(film, raw) for passes, raw in active)]
    order, _, direction = parameters.get("sort_by", "").rpartition(".")
    key = ORDERS.get(order, ORDERS["popularity"])
    films.sort(key=lambda film: film.id)
    return sorted(films, key=key, reverse=direction != "asc")


def recommendations(catalogue: Catalogue, film: Film) -> list[Film]:
    """Return films that share what makes this one special, and its genres.

    Better-known ones come a little before others.
    """

    def likeness(other: Film) -> float:
        genres = len(set(film.genres) & set(other.genres)) / len({*film.genres, *other.genres})
        return shared(catalogue, film, other) * (0.3 + genres) * (1 + other.popularity / 500)

    return related(catalogue, film, likeness)


def similar(catalogue: Catalogue, film: Film) -> list[Film]:
    """Return films with the same genres and keywords."""
    return related(
        catalogue, film, lambda other: shared(catalogue, film, other, kinds=("genre", "keyword"))
    )


def related(catalogue: Catalogue, film: Film, likeness: Callable[[Film], float]) -> list[Film]:
    rated = [(likeness(other), other.id, other) for other in catalogue.films if other is not film]
    ordered = sorted((each for each in rated if each[0] > 0), key=lambda each: (-each[0], each[1]))
    return [other for _, _, other in ordered[:MOST_RELATED]]


def shared(
    catalogue: Catalogue, film: Film, other: Film, kinds: tuple[str, ...] | None = None
) -> float:
    """Return the summed weights of the features that two films share."""
    return sum(
        catalogue.weights[feature]
        for feature in film.features & other.features
        if kinds is None or feature[0] in kinds
    )
