"""The evaluation's scores are the ones that are served: numpy against SQL."""

import numpy as np
import pytest
from django.utils import timezone

from users.lists.tests.builders import make_films
from users.recommendations import ranking
from users.recommendations.candidates import allowed_movies
from users.recommendations.evaluation import served, splits
from users.recommendations.evaluation.ranking import user_matrix
from users.recommendations.feedback import Feedback
from users.recommendations.learning import interactions, training
from users.recommendations.models import ItemModel

from . import planted

FILMS = 320  # more than are candidates by b alone
ROWS = 12  # few, so that many films are no candidates


@pytest.fixture
def learnt():
    favorites = {user: np.array(films) for user, films in planted.histories(400, FILMS).items()}
    return interactions.build_matrix(splits.interactions(favorites))


@pytest.fixture
def model(transactional_db, learnt):
    # Not `db`: VACUUM runs in no transaction.
    make_films(int(learnt.movie_ids.max()))
    training.train(learnt, timezone.now(), rows_per_movie=ROWS, lambda_short=60, lambda_long=None)
    return ItemModel.objects.serving()


def evaluated(learnt, weights: dict[int, float]) -> list[tuple[int, float]]:
    films = np.array(list(weights))
    folded = user_matrix(learnt.movie_ids, [films])
    folded.data[:] = [weights[film] for film in learnt.movie_ids[folded.indices].tolist()]
    [scores] = served.train(learnt, ROWS).scores(folded)
    scores[np.isin(learnt.movie_ids, films)] = -np.inf
    best = np.argsort(-scores.round(9), kind="stable")
    best = best[scores[best] > -np.inf]
    return list(zip(learnt.movie_ids[best].tolist(), scores[best].tolist()))


@pytest.mark.parametrize("lightest", [1.0, 0.2], ids=["favorites", "weaker signals too"])
@pytest.mark.parametrize("many", [1, 3, 8, 30])
@pytest.mark.parametrize("user", [1, 2, 3])
def test_scores_and_order_are_the_same(model, learnt, user, many, lightest):
    random = np.random.default_rng(user)
    films = random.choice(learnt.movie_ids, many, replace=False).tolist()
    weights = dict(zip(films, np.linspace(1, lightest, many).tolist()))
    signals = [Feedback(film, "", weight, True, True) for film, weight in weights.items()]

    answered = ranking.ranked_movies(model, signals, allowed_movies(exclude=films), FILMS)
    expected = evaluated(learnt, weights)

    # With one signal some films are no candidates, and the same ones are left out.
    assert many > 1 or len(expected) < len(learnt.movie_ids) - many
    assert in_order(answered) == [film for film, _ in expected]
    by_film = dict(expected)
    assert [each.score for each in answered] == pytest.approx(
        [by_film[each.movie_id] for each in answered], abs=1e-6
    )


def in_order(answered: list[ranking.RankedMovie]) -> list[int]:
    """Return the films as answered; those whose scores differ by rounding alone, by their ids."""

    def place(each: ranking.RankedMovie) -> tuple[float, int]:
        return -round(each.score, 9), each.movie_id

    return [each.movie_id for each in sorted(answered, key=place)]
