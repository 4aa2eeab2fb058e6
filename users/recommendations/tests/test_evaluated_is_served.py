"""The evaluation computes the same scores in numpy that requests compute in SQL."""

import numpy as np
import pytest
from django.utils import timezone

from users.lists.tests.builders import make_movies
from users.recommendations import ranking
from users.recommendations.candidates import allowed_movies
from users.recommendations.evaluation import served, splits
from users.recommendations.evaluation.ranking import user_matrix
from users.recommendations.feedback import Feedback
from users.recommendations.learning import interactions, training
from users.recommendations.models import ItemModel

from . import planted

pytestmark = pytest.mark.slow

MOVIES = 320  # more than are candidates by item bias alone
ROWS = 12  # few, so that many movies are not candidates


@pytest.fixture
def matrix():
    favorites = {user: np.array(ids) for user, ids in planted.histories(400, MOVIES).items()}
    return interactions.build_matrix(splits.interactions(favorites))


@pytest.fixture
def model(transactional_db, matrix):
    # Not `db`: VACUUM cannot run inside a transaction.
    make_movies(int(matrix.movie_ids.max()))
    training.train(matrix, timezone.now(), rows_per_movie=ROWS, lambda_short=60, lambda_long=None)
    return ItemModel.objects.serving()


def evaluated(matrix, weights: dict[int, float]) -> list[tuple[int, float]]:
    """Return the evaluation's (movie id, score) for a user with these movies, best first."""
    own = np.array(list(weights))
    folded_in = user_matrix(matrix.movie_ids, [own])
    ids = matrix.movie_ids[folded_in.indices].tolist()
    folded_in.data[:] = [weights[movie_id] for movie_id in ids]
    [scores] = served.train(matrix, ROWS).scores(folded_in)
    scores[np.isin(matrix.movie_ids, own)] = -np.inf
    best = np.argsort(-scores.round(9), kind="stable")
    best = best[scores[best] > -np.inf]
    return list(zip(matrix.movie_ids[best].tolist(), scores[best].tolist()))


@pytest.mark.parametrize("lowest_weight", [1.0, 0.2], ids=["favorites", "also weaker feedback"])
@pytest.mark.parametrize("count", [1, 3, 8, 30])
@pytest.mark.parametrize("user", [1, 2, 3])
def test_scores_and_order_are_the_same(model, matrix, user, count, lowest_weight):
    random = np.random.default_rng(user)
    ids = random.choice(matrix.movie_ids, count, replace=False).tolist()
    weights = dict(zip(ids, np.linspace(1, lowest_weight, count).tolist()))
    feedback = [Feedback(movie_id, "", weight, True, True) for movie_id, weight in weights.items()]

    answered = ranking.ranked_movies(model, feedback, allowed_movies(exclude=ids), MOVIES)
    expected = evaluated(matrix, weights)

    # With a single movie, some movies are not candidates, and both leave out the same ones.
    assert count > 1 or len(expected) < len(matrix.movie_ids) - count
    assert ids_in_order(answered) == [movie_id for movie_id, _ in expected]
    expected_scores = dict(expected)
    assert [each.score for each in answered] == pytest.approx(
        [expected_scores[each.movie_id] for each in answered], abs=1e-6
    )


def ids_in_order(answered: list[ranking.RankedMovie]) -> list[int]:
    """Return the ids as answered, but sort those whose scores differ only by rounding."""

    def key(each: ranking.RankedMovie) -> tuple[float, int]:
        return -round(each.score, 9), each.movie_id

    return [each.movie_id for each in sorted(answered, key=key)]
