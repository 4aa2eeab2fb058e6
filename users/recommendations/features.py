"""Compare movies by content: their features, in blocks, weighted by idf.

Within a block, a rare feature counts more than a common one. Two movies are compared block by
block, with the cosine of their idf vectors; the similarity is the sum weighted by BLOCKS. The
weights are judgement calls, not measured.
"""

from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt
from typing import Any

from django.db.models import Exists, F, Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from movies.models import Movie, MovieGenre

from .models import FilmScalars, ItemModel

BLOCKS = {
    "collection": 3.0,
    "directors": 2.0,
    "keywords": 1.5,
    "cast": 1.0,
    "genres": 0.7,
    "language": 0.5,
    "decade": 0.3,
}
# Values that too many movies share: on their own, they do not make two movies similar.
COMMON_BLOCKS = {"language", "decade"}
# The minimum similarity in the other blocks, such as half of the genres in common.
MIN_SIMILARITY = 0.35
# How many of the items of each part of `Movie.details` count.
PARTS = {"directors": 10, "keywords": 15, "cast": 5}

# Each block's feature values: ids, a language code, or a decade.
Features = dict[str, set[int | str | None]]
# Each block's feature values with their weights. Their products add up to a similarity.
Vector = dict[str, dict[int | str | None, float]]


class Ids(Func):
    """The ids of the first items of a part of `Movie.details`.

    The database picks them, because decoding the details would take longer than all else.
    """

    output_field = JSONField()

    def __init__(self, part: str) -> None:
        super().__init__(F("details"), part=part, last=PARTS[part] - 1, limit=PARTS[part])

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "jsonb_path_query_array(%(expressions)s, '$.%(part)s[0 to %(last)s].id')"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        items = "SELECT value FROM json_each(%(expressions)s, '$.%(part)s') LIMIT %(limit)s"
        template = f"(SELECT json_group_array(json_extract(value, '$.id')) FROM ({items}))"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True)
class Profile:
    """What the database knows about a movie."""

    features: Features
    # The number of users in the training data who like the movie, weighted and rounded.
    support: int
    is_allowed: bool


def profiles(
    movie_ids: Set[int], allowed: QuerySet[Movie], model: ItemModel | None
) -> dict[int, Profile]:
    """Return the profiles of those of `movie_ids` that are in the database, in two queries."""
    support = FilmScalars.objects.filter(model=model, film=OuterRef("pk")).values("support")
    rows = list(
        Movie.objects.filter(pk__in=movie_ids).values_list(
            "id",
            "original_language",
            "release_date",
            "details__collection__id",
            Coalesce(Subquery(support), 0),
            Exists(allowed.filter(pk=OuterRef("pk"))),
            *map(Ids, PARTS),
        )
    )
    genres = genres_of([row[0] for row in rows])
    found = {}
    for movie_id, language, date, collection, movie_support, is_allowed, *parts in rows:
        features: Features = {part: set(ids or []) for part, ids in zip(PARTS, parts)}
        features |= {"collection": {collection}, "language": {language}}
        features |= {"genres": genres[movie_id], "decade": {date.year // 10 if date else None}}
        found[movie_id] = Profile(features, movie_support, is_allowed)
    return found


def genres_of(movie_ids: list[int]) -> defaultdict[int, set[int | str | None]]:
    """Return the genre ids of each movie."""
    genres: defaultdict[int, set[int | str | None]] = defaultdict(set)
    rows = MovieGenre.objects.filter(movie__in=movie_ids).order_by()
    for movie_id, genre in rows.values_list("movie", "genre"):
        genres[movie_id].add(genre)
    return genres


def vectors_of(profiles: dict[int, Profile]) -> dict[int, Vector]:
    """Return the vectors of movies, with each feature's idf among them."""
    idf = {}
    for block in BLOCKS:
        counts = Counter(chain.from_iterable(each.features[block] for each in profiles.values()))
        # An unknown value, such as of a movie without a collection, is none in common.
        counts.pop(None, None)
        idf[block] = {value: log(1 + len(profiles) / n) for value, n in counts.items()}
    vectors: dict[int, Vector] = {movie_id: {} for movie_id in profiles}
    for movie_id, profile in profiles.items():
        for block, factor in BLOCKS.items():
            weights = {
                value: idf[block][value] for value in profile.features[block] if value is not None
            }
            if weights:
                scale = sqrt(factor / sum(weight**2 for weight in weights.values()))
                vectors[movie_id][block] = {
                    value: weight * scale for value, weight in weights.items()
                }
    return vectors


def similarity(one: Vector, other: Vector) -> float:
    """Return the similarity of two movies: the weighted sum of the cosines of their blocks."""
    return sum(
        one[block][value] * other[block][value]
        for block in one.keys() & other.keys()
        for value in one[block].keys() & other[block].keys()
    )


class Comparison:
    """Compares movies with the same few, whose vectors are indexed by feature."""

    def __init__(self, vectors: list[Vector]) -> None:
        self.size = len(vectors)
        self.index: dict[str, defaultdict] = {block: defaultdict(list) for block in BLOCKS}
        for position, vector in enumerate(vectors):
            for block, weights in vector.items():
                for value, weight in weights.items():
                    self.index[block][value].append((position, weight))

    def clear_similarities(self, vector: Vector) -> list[float]:
        """Return a movie's similarity to each, or 0 if they share little outside COMMON_BLOCKS."""
        specific, common = [0.0] * self.size, [0.0] * self.size
        for block, weights in vector.items():
            sums, index = common if block in COMMON_BLOCKS else specific, self.index[block]
            for value, weight in weights.items():
                for position, other_weight in index.get(value, ()):
                    sums[position] += weight * other_weight
        return [
            mine + shared if mine >= MIN_SIMILARITY else 0.0
            for mine, shared in zip(specific, common)
        ]
