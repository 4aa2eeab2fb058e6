"""Movies for new users to pick from: well known, and as different from each other as possible."""

from collections.abc import Callable, Set
from dataclasses import replace
from math import log

from movies.cache import documents
from movies.cache.answers import Answer, Fetched, Source
from movies.cache.documents import Key
from movies.cache.groups import register
from movies.cache.keeping import keep, kept
from movies.cache.single_flight import answer
from movies.catalogue.deadlines import bounded
from movies.catalogue.pages import page
from movies.load import Load, LoadFailed
from movies.models import Movie
from movies.questions import POPULAR, TOP_RATED
from movies.shapes import MovieSummary

from . import features, ranking
from .models import ItemModel

# The list is made of charts, so it lives as long as they do.
GROUP = register("starter", fresh_for=POPULAR.group.fresh_for, kept_for=POPULAR.group.kept_for)
# The charts to choose from, with their numbers of pages: well-liked movies, and well-known ones.
POOL = ((TOP_RATED, 5), (POPULAR, 3))
# The weight of the similarity to movies already chosen. The weight of log(votes) is 1.
SIMILARITY_PENALTY = 3.0
DEADLINE, TOPIC = 5.0, "charts"  # seconds for all charts together
INCOMPLETE_LIFETIME = 60  # seconds to serve an answer for which some charts were unavailable


def starter(load: Load, *, limit: int, language: str) -> Answer:
    """Return an answer of `limit` movies, which is cached like a chart.

    If a chart is unavailable, the previous complete answer or else an incomplete one is served for
    INCOMPLETE_LIFETIME. Otherwise every visitor would request the missing chart again.

    Raises LoadFailed if no chart is available and nothing is cached.
    """

    def fetch(load: Load) -> Fetched:
        movies, is_complete = chart_movies(language, bounded(load, DEADLINE, TOPIC))
        chosen = choose_diverse(movies, limit)
        body = {"results": [movies[movie_id] for movie_id in chosen]}
        return Fetched(body, is_cacheable=is_complete)

    key = Key.of(GROUP, limit=limit, language=language)
    found = answer(key, fetch, load)
    if found.source is not Source.UNSTORED:
        return found
    old, soon = kept(key), documents.now() + INCOMPLETE_LIFETIME
    if old and old.seconds_fresh > 0:
        return Answer(old, Source.HIT)
    document = old or found.document
    kept_until = max(soon, old.kept_until) if old else soon
    keep(
        key,
        replace(document, fresh_until=soon, kept_until=kept_until),
        kept_until - documents.now(),
    )
    return Answer(old, Source.STALE) if old else found


def chart_movies(language: str, load: Load) -> tuple[dict[int, MovieSummary], bool]:
    """Return the movies of the charts of POOL by id, and whether all charts were available.

    Raises LoadFailed if none was.
    """
    movies: dict[int, MovieSummary] = {}
    is_complete, failure = True, None
    for question, pages in POOL:
        for number in range(1, pages + 1):
            try:
                found = page(question, load, page=number, language=language)
            except LoadFailed as error:
                is_complete, failure = False, error
                continue
            is_complete &= found.source not in (Source.DATABASE, Source.UNSTORED)
            movies |= {movie["id"]: movie for movie in found.document.json()["results"]}
    if not movies and failure:
        raise failure
    for gone in Movie.objects.filter(pk__in=movies, gone_at__isnull=False):
        del movies[gone.pk]
    return movies, is_complete


def choose_diverse(movies: dict[int, MovieSummary], limit: int) -> list[int]:
    """Choose `limit` movies: the best known first, then well-known ones unlike those chosen.

    Greedy maximal marginal relevance (Carbonell and Goldstein 1998,
    https://doi.org/10.1145/290941.291025).
    """
    fame = {movie_id: log(1 + (body["vote_count"] or 0)) for movie_id, body in movies.items()}
    similarity = similarity_among(set(movies))
    nearest = dict.fromkeys(movies, 0.0)
    chosen: list[int] = []

    def relevance(movie_id: int) -> tuple[float, int]:
        return fame[movie_id] - SIMILARITY_PENALTY * nearest[movie_id], -movie_id

    while len(chosen) < min(limit, len(movies)):
        rest = movies.keys() - set(chosen)
        best = max(rest, key=relevance)
        chosen.append(best)
        for movie_id in rest:
            nearest[movie_id] = max(nearest[movie_id], similarity(best, movie_id))
    return chosen


def similarity_among(movie_ids: Set[int]) -> Callable[[int, int], float]:
    """Return a function of two of these movies: their similarity by content and by the model."""
    model = ItemModel.objects.serving()
    by_model = ranking.similarities_among(model, movie_ids) if model else {}
    vectors = features.vectors_of(features.profiles(movie_ids, Movie.objects.all(), model))

    def similarity(one: int, other: int) -> float:
        by_content = 0.0
        if one in vectors and other in vectors:
            by_content = features.similarity(vectors[one], vectors[other])
        return by_content + by_model.get((one, other), 0.0)

    return similarity
