"""Choose how to recommend, depending on how much the item-item model knows about the user."""

from collections.abc import Sequence

from django.db.models import QuerySet

from movies.catalogue.deadlines import bounded
from movies.load import Load
from movies.models import Movie

from . import popularity, ranking
from .feedback import Feedback
from .fusion import fuse
from .models import ItemModel
from .recommendation import (
    BLENDED,
    BY_POPULARITY,
    ITEM_ITEM,
    MIN_SHARE,
    PERSONAL,
    POPULAR,
    Contribution,
    Recommendation,
    Recommendations,
)

DEADLINE, TOPIC = 2.0, "recommendations"  # seconds for everything that one answer asks TMDb
# The model answers alone if the user's movies that it knows weigh at least this much, and more
# than those that it does not know. A user who likes many unknown movies, such as recent ones, needs
# other sources.
MODEL_ALONE_FROM = 5
MAX_FUSED = 200  # movies ranked by the model, when its ranking is fused with other lists


def recommend(
    feedback: list[Feedback],
    allowed: QuerySet[Movie],
    model: ItemModel | None,
    load: Load,
    *,
    limit: int,
    genres: Sequence[int] = (),
    favorite_genres: Sequence[int] = (),
) -> Recommendations:
    """Recommend the `limit` best of the `allowed` movies, fewer only if there are no more.

    TMDb is asked within DEADLINE, and within the `load`.

    `genres` are the genres that all allowed movies share.
    """
    load = bounded(load, DEADLINE, TOPIC)
    in_model = [each for each in feedback if each.in_model]
    weight = sum(each.weight for each in in_model)
    other_weight = sum(each.weight for each in feedback) - weight
    if not feedback:
        strategy, results = POPULAR, popularity.trending(allowed, favorite_genres, load)
        results = results[:limit]
    elif weight >= MODEL_ALONE_FROM and weight > other_weight:
        strategy, results = PERSONAL, ranked_by_model(model, in_model, allowed, limit, genres)
    else:
        ranked = ranked_by_model(model, in_model, allowed, MAX_FUSED, genres)
        strategy, results = BLENDED, fuse(ranked, feedback, allowed, model, limit, load)
    if model:
        add_reasons(results, model, in_model)
    if len(results) < limit:
        missing = limit - len(results)
        more = popularity.popular(allowed, results, missing, genres, favorite_genres, load)
        strategy = BLENDED if more else strategy
        results += more
    if all(each.sources == [BY_POPULARITY] for each in results):
        strategy = POPULAR
    return Recommendations(strategy, model.activated_at if model else None, results)


def ranked_by_model(
    model: ItemModel | None,
    in_model: list[Feedback],
    allowed: QuerySet[Movie],
    limit: int,
    genres: Sequence[int],
) -> list[Recommendation]:
    """Return the model's best movies, without reasons yet, in one query."""
    if model is None:
        return []
    return [
        Recommendation(each.movie_id, [model_contribution(each)])
        for each in ranking.ranked_movies(model, in_model, allowed, limit, genres)
    ]


def model_contribution(movie: ranking.RankedMovie) -> Contribution:
    """Return the model's contribution to a movie's score, with the sources it is based on.

    If the user's feedback adds nothing, the movie is there because it is popular. If the feedback
    adds a little to a high popularity, both are named: the best movies are all popular, and the
    feedback decides between them.
    """
    of_all, of_user = movie.popularity_score, movie.neighbour_score
    if of_user <= 0:
        sources = [BY_POPULARITY]
    elif of_all <= MIN_SHARE * of_user:
        sources = [ITEM_ITEM]
    elif of_all < of_user:
        sources = [ITEM_ITEM, BY_POPULARITY]
    else:
        sources = [BY_POPULARITY, ITEM_ITEM]
    return Contribution(movie.score, sources, [])


def add_reasons(results: list[Recommendation], model: ItemModel, in_model: list[Feedback]) -> None:
    """Add the feedback behind the model's contributions, in one query."""
    contributions = {
        each.movie_id: contribution
        for each in results
        for contribution in each.contributions
        if ITEM_ITEM in contribution.sources
    }
    reasons = ranking.reasons_for(model, in_model, list(contributions))
    for movie_id, contribution in contributions.items():
        contribution.because = reasons.get(movie_id, [])
