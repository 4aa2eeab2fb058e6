"""Films that are like a user's own in what the database knows of them.

Features in blocks; within one a rare feature counts more than a common one (idf). What two films
share of a block is compared as a cosine, and the blocks are added up by BLOCKS: judgement, not
measured.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from movies.models import Movie, MovieGenre

from .candidates import has_one
from .models import FilmScalars, ItemModel
from .ranking import REASONS
from .signals import Signal

BLOCKS = {
    "collection": 3.0,
    "directors": 2.0,
    "keywords": 1.5,
    "cast": 1.0,
    "genres": 0.7,
    "language": 0.5,
    "decade": 0.3,
}
# Shared by so many films that they alone make no two alike.
COMMON = {"language", "decade"}
ALIKE = 0.35  # what two films must share of the other blocks, such as half of their genres
MOST_KEYWORDS, MOST_CAST = 15, 5
# The strongest of a user's films speak; candidates are popular films of their genres.
MOST_SIGNALS, GENRES_ASKED, CANDIDATES = 20, 3, 300

Features = dict[str, set]


@dataclass(frozen=True)
class Known:
    """What the database knows of a film."""

    features: Features
    # How many liked it, of those that the model learned from, by their weights.
    support: int
    is_allowed: bool


@dataclass(frozen=True)
class Similar:
    film: int
    score: float
    because: list[Signal]
    support: int


def similar(
    signals: list[Signal],
    candidates: set[int],
    allowed: QuerySet[Movie],
    model: ItemModel | None,
) -> list[Similar]:
    """Return those of `candidates`, and of popular films of the signals' genres, that are
    allowed, the most similar first; three queries.

    Also those that share nothing, at the end with a score of 0.
    """
    strongest = signals[:MOST_SIGNALS]
    own = {each.film for each in strongest}
    found = candidates | popular_alike(own, allowed)
    known = known_films(own | found, allowed, model)
    rarity = rarities(each.features for each in known.values())
    scored = []
    for film, one in known.items():
        if not one.is_allowed:
            continue
        shares = [
            (each.weight * telling_likeness(known[each.film].features, one.features, rarity), each)
            for each in strongest
            if each.film in known and each.film != film
        ]
        shares.sort(key=lambda share: -share[0])
        score = sum(share for share, _ in shares)
        because = [each for share, each in shares if share > 0 and each.is_reason]
        scored.append(Similar(film, score, because[:REASONS], one.support))
    return sorted(scored, key=lambda each: (-each.score, each.film))


def popular_alike(own: set[int], allowed: QuerySet[Movie]) -> set[int]:
    """Return the most popular allowed films of the genres that most of `own` have."""
    found = MovieGenre.objects.filter(movie__in=own).order_by().values("genre")
    genres = found.annotate(n=Count("*")).order_by("-n", "genre").values("genre")
    # In this order the index on popularity is walked, for films of common genres not far; and not
    # at all where there is no genre to look for.
    films = allowed.filter(has_one(Subquery(genres[:GENRES_ASKED])), popularity__isnull=False)
    films = films.filter(Exists(found))
    films = films.order_by("-popularity", "id")
    return set(films.values_list("id", flat=True)[:CANDIDATES])


def known_films(
    films: set[int], allowed: QuerySet[Movie], model: ItemModel | None
) -> dict[int, Known]:
    """Return what is known of the films, in two queries."""
    liked = FilmScalars.objects.filter(model=model, film=OuterRef("pk")).values("support")
    rows = Movie.objects.filter(pk__in=films).values_list(
        "id",
        "original_language",
        "release_date",
        "details__collection__id",
        "details__directors",
        "details__keywords",
        "details__cast",
        Coalesce(Subquery(liked), 0),
        Exists(allowed.filter(pk=OuterRef("pk"))),
    )
    rows = list(rows)
    genres = defaultdict(set)
    of_these = MovieGenre.objects.filter(movie__in=[row[0] for row in rows]).order_by()
    for film, genre in of_these.values_list("movie", "genre"):
        genres[film].add(genre)
    return {
        film: Known(
            {
                "collection": {collection} - {None},
                "directors": ids(directors),
                "keywords": ids(keywords, MOST_KEYWORDS),
                "cast": ids(cast, MOST_CAST),
                "genres": genres[film],
                "language": {language} - {None},
                "decade": {date.year // 10} if date else set(),
            },
            support,
            is_allowed,
        )
        for film, language, date, collection, directors, keywords, cast, support, is_allowed in rows
    }


def ids(people: list[dict] | None, most: int | None = None) -> set[int]:
    return {each["id"] for each in (people or [])[:most]}


def rarities(of_films: Iterable[Features]) -> dict[str, dict]:
    """Return the idf of each feature among these films, by block."""
    counts, films = {block: Counter() for block in BLOCKS}, 0
    for films, each in enumerate(of_films, 1):
        for block in BLOCKS:
            counts[block].update(each[block])
    return {
        block: {value: log(1 + films / count) for value, count in counted.items()}
        for block, counted in counts.items()
    }


def likeness(
    one: Features, other: Features, rarity: dict[str, dict], blocks: Iterable[str] = BLOCKS
) -> float:
    """Return how much two films share of these blocks: the weighted sum of the cosines."""
    total = 0.0
    for block in blocks:
        if shared := one[block] & other[block]:
            idf = rarity[block]
            norms = sum(idf[v] ** 2 for v in one[block]) * sum(idf[v] ** 2 for v in other[block])
            total += BLOCKS[block] * sum(idf[value] ** 2 for value in shared) / sqrt(norms)
    return total


def telling_likeness(one: Features, other: Features, rarity: dict[str, dict]) -> float:
    """Return the likeness of two films, 0 where it is little more than a language or a decade."""
    telling = likeness(one, other, rarity, BLOCKS.keys() - COMMON)
    return telling + likeness(one, other, rarity, COMMON) if telling >= ALIKE else 0.0
