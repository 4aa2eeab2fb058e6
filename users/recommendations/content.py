"""Movies whose content is similar to the movies in a user's feedback."""

from collections.abc import Set
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from movies.models import Movie, MovieGenre

from .candidates import has_any_genre
from .features import Comparison, profiles, vectors_of
from .feedback import Feedback
from .models import ItemModel
from .recommendation import MAX_REASONS

# The user's movies that candidates are compared with, those of highest weight.
MAX_COMPARED = 20
# Candidates also include this many popular movies of the commonest genres among these.
TOP_GENRES, CANDIDATES = 3, 300


@dataclass(frozen=True)
class SimilarMovie:
    movie_id: int
    score: float
    because: list[Feedback]
    # The number of users in the training data who like the movie, weighted and rounded.
    support: int


def similar_movies(
    feedback: list[Feedback],
    candidates: set[int],
    allowed: QuerySet[Movie],
    model: ItemModel | None,
) -> list[SimilarMovie]:
    """Return the allowed candidates, the most similar to the feedback first, in four queries.

    Popular movies of the same genres are added to `candidates`. Movies without any similarity
    come last, with a score of 0.
    """
    compared = feedback[:MAX_COMPARED]
    compared_ids = {each.movie_id for each in compared}
    candidates = candidates | popular_of_same_genres(compared_ids, allowed)
    known = profiles(compared_ids | candidates, allowed, model)
    vectors = vectors_of(known)
    own = [each for each in compared if each.movie_id in known]
    comparison = Comparison([vectors[each.movie_id] for each in own])
    found = []
    for movie_id, profile in known.items():
        if not profile.is_allowed:
            continue
        scored = [
            (each.weight * similarity, each)
            for each, similarity in zip(own, comparison.clear_similarities(vectors[movie_id]))
            if similarity and each.movie_id != movie_id
        ]
        scored.sort(key=lambda pair: -pair[0])
        # Rounded, so that movies of equal features are sorted by id.
        total = round(sum(score for score, _ in scored), 9)
        because = [each for _, each in scored if each.is_reason]
        found.append(SimilarMovie(movie_id, total, because[:MAX_REASONS], profile.support))
    return sorted(found, key=lambda each: (-each.score, each.movie_id))


def popular_of_same_genres(movie_ids: Set[int], allowed: QuerySet[Movie]) -> set[int]:
    """Return the most popular allowed movies of the TOP_GENRES genres of `movie_ids`."""
    found = MovieGenre.objects.filter(movie__in=movie_ids).order_by().values_list("genre")
    # A query of its own: from the genres, the database knows whether their movies are many, and
    # the index on popularity soon yields enough, or so few that it can sort them all.
    counted = found.annotate(n=Count("*")).order_by("-n", "genre")[:TOP_GENRES]
    if not (genres := [genre for genre, _ in counted]):
        return set()
    movies = allowed.filter(has_any_genre(genres), popularity__isnull=False)
    return set(movies.order_by("-popularity", "id").values_list("id", flat=True)[:CANDIDATES])
