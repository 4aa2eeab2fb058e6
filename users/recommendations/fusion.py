"""Fuse the model's ranking with TMDb's lists and with similar movies.

Reciprocal rank fusion (Cormack et al. 2009, https://doi.org/10.1145/1571941.1572114): a list of
weight w adds w / (RRF_K + rank) to each of its movies.
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import replace
from itertools import chain

from django.db.models import QuerySet

from movies.load import Load
from movies.models import Movie

from . import catalogue_lists, content
from .feedback import Feedback
from .models import ItemModel
from .recommendation import CONTENT, TMDB, Contribution, Recommendation

RRF_K = 60
# With these weights, several of TMDb's lists must agree before they outrank the model. A higher
# TMDB_WEIGHT costs accuracy once a few hundred users have trained the model, and a lower one does
# not help smaller sites.
MODEL_WEIGHT, TMDB_WEIGHT, CONTENT_WEIGHT = 1.0, 0.5, 0.25
# At this support, content has half its weight: the model knows the movie better.
HALF_CONTENT_SUPPORT = 3


def fuse(
    ranked: list[Recommendation],
    feedback: list[Feedback],
    allowed: QuerySet[Movie],
    model: ItemModel | None,
    limit: int,
    load: Load,
) -> list[Recommendation]:
    """Return the `limit` best movies of all lists; `ranked` is the model's own ranking."""
    lists = catalogue_lists.recommended_by_tmdb(feedback, load)
    candidates = {movie_id for _, movie_ids in lists for movie_id in movie_ids}
    candidates |= {each.movie_id for each in ranked}
    similar = content.similar_movies(feedback, candidates, allowed, model)
    usable = {each.movie_id for each in similar}

    contributions: defaultdict[int, list[Contribution]] = defaultdict(list)
    for movie_id, contribution in chain(
        from_model(ranked), from_tmdb(lists, usable), from_content(similar)
    ):
        contributions[movie_id].append(contribution)
    results = [Recommendation(*each) for each in contributions.items()]
    return sorted(results, key=lambda each: (-each.score, each.movie_id))[:limit]


def from_model(ranked: list[Recommendation]) -> Iterator[tuple[int, Contribution]]:
    """Yield each ranked movie's contribution."""
    for rank, each in enumerate(ranked, 1):
        [contribution] = each.contributions
        yield each.movie_id, replace(contribution, amount=MODEL_WEIGHT / (RRF_K + rank))


def from_tmdb(
    lists: list[tuple[Feedback, list[int]]], usable: Set[int]
) -> Iterator[tuple[int, Contribution]]:
    """Yield one contribution for each usable movie on TMDb's lists, the sum over the lists."""
    amounts: defaultdict[int, list[tuple[float, Feedback]]] = defaultdict(list)
    for reason, movie_ids in lists:
        listed = [movie_id for movie_id in movie_ids if movie_id in usable]
        for rank, movie_id in enumerate(listed, 1):
            amounts[movie_id].append((TMDB_WEIGHT / (RRF_K + rank), reason))
    for movie_id, of_movie in amounts.items():
        of_movie.sort(key=lambda pair: -pair[0])
        total = sum(amount for amount, _ in of_movie)
        yield movie_id, Contribution(total, [TMDB], [reason for _, reason in of_movie])


def from_content(similar: list[content.SimilarMovie]) -> Iterator[tuple[int, Contribution]]:
    """Yield the contribution of each movie that is similar at all."""
    for rank, each in enumerate([each for each in similar if each.score > 0], 1):
        weight = CONTENT_WEIGHT / (1 + each.support / HALF_CONTENT_SUPPORT)
        yield each.movie_id, Contribution(weight / (RRF_K + rank), [CONTENT], each.because)
