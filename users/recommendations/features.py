"""Compare movies by content: their features, in blocks, weighted by idf.

Within a block, a rare feature counts more than a common one. Two movies are compared block by
block, with the cosine of their idf vectors; the similarity is the sum weighted by BLOCKS. The
weights are judgement calls, not measured.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from math import log, sqrt
from typing import TypedDict

from django.db.models import Exists, OuterRef, QuerySet, Subquery
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
MAX_KEYWORDS, MAX_CAST = 15, 5

# Each block's feature values: ids, a language code, or a decade.
Features = dict[str, set[int | str]]
# Each block's inverse document frequency by feature value.
Idf = dict[str, dict[int | str, float]]


class Named(TypedDict):
    """A person or a keyword in `Movie.details`."""

    id: int
    name: str


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
            "details__directors",
            "details__keywords",
            "details__cast",
            Coalesce(Subquery(support), 0),
            Exists(allowed.filter(pk=OuterRef("pk"))),
        )
    )
    genres = genres_of([row[0] for row in rows])
    return {
        movie_id: Profile(
            {
                "collection": {collection} - {None},
                "directors": ids(directors),
                "keywords": ids(keywords, MAX_KEYWORDS),
                "cast": ids(cast, MAX_CAST),
                "genres": genres[movie_id],
                "language": {language} - {None},
                "decade": {date.year // 10} if date else set(),
            },
            movie_support,
            is_allowed,
        )
        for (
            movie_id,
            language,
            date,
            collection,
            directors,
            keywords,
            cast,
            movie_support,
            is_allowed,
        ) in rows
    }


def genres_of(movie_ids: list[int]) -> defaultdict[int, set[int | str]]:
    """Return the genre ids of each movie."""
    genres: defaultdict[int, set[int | str]] = defaultdict(set)
    rows = MovieGenre.objects.filter(movie__in=movie_ids).order_by()
    for movie_id, genre in rows.values_list("movie", "genre"):
        genres[movie_id].add(genre)
    return genres


def ids(items: list[Named] | None, limit: int | None = None) -> set[int | str]:
    """Return the ids of the first `limit` items."""
    return {each["id"] for each in (items or [])[:limit]}


def idf_of(movies: Iterable[Features]) -> Idf:
    """Return the idf of each feature value among these movies."""
    counts: dict[str, Counter[int | str]] = {block: Counter() for block in BLOCKS}
    total = 0
    for features in movies:
        total += 1
        for block in BLOCKS:
            counts[block].update(features[block])
    return {
        block: {value: log(1 + total / count) for value, count in of_block.items()}
        for block, of_block in counts.items()
    }


def similarity(one: Features, other: Features, idf: Idf, blocks: Iterable[str] = BLOCKS) -> float:
    """Return the similarity of two movies: the weighted sum of the cosines of `blocks`."""
    total = 0.0
    for block in blocks:
        if shared := one[block] & other[block]:
            weights = idf[block]
            norms = sum(weights[value] ** 2 for value in one[block]) * sum(
                weights[value] ** 2 for value in other[block]
            )
            product = sum(weights[value] ** 2 for value in shared)
            total += BLOCKS[block] * product / sqrt(norms)
    return total


def clear_similarity(one: Features, other: Features, idf: Idf) -> float:
    """Return the similarity of two movies, or 0 if they share little outside COMMON_BLOCKS."""
    specific = similarity(one, other, idf, BLOCKS.keys() - COMMON_BLOCKS)
    if specific < MIN_SIMILARITY:
        return 0.0
    return specific + similarity(one, other, idf, COMMON_BLOCKS)
