"""Choose the baselines' constants on validation users, who are taken from the training users."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from users.recommendations.learning.interactions import build_matrix

from . import baselines, metrics
from .ranking import Model, rank
from .splits import Case, HeldOutUser, Histories, cases, interactions, split_history

VALIDATION_SHARE = 0.1  # of the training users
VALIDATION_RANKS = 20  # the k of the NDCG that decides


def choose_constants(favorites: Histories, seed: int) -> dict[str, int]:
    """Return the best `neighbours` for item-kNN and the best `lambda` for EASE^R.

    Raises TooLittleData.
    """
    training, validation = split_validation(favorites, seed)
    matrix = build_matrix(interactions(training))
    validation_cases = cases(validation, "all", seed)

    def best(fit: Callable[[sp.csc_matrix, int], Model], constants: tuple[int, ...]) -> int:
        def ndcg(constant: int) -> float:
            return mean_ndcg(fit(matrix.X, constant), matrix.movie_ids, validation_cases)

        return max(constants, key=ndcg)

    return {
        "neighbours": best(baselines.item_knn, baselines.NEIGHBOURS),
        "lambda": best(baselines.ease, baselines.LAMBDAS),
    }


def split_validation(favorites: Histories, seed: int) -> tuple[Histories, list[HeldOutUser]]:
    """Return the remaining training users, and the validation users."""
    random = np.random.default_rng(seed)
    users = random.permutation(list(favorites)).tolist()
    outside = users[: round(VALIDATION_SHARE * len(users))]
    validation = [split_history(user, favorites[user], random, last=False) for user in outside]
    training = favorites.keys() - set(outside)
    return {user: favorites[user] for user in sorted(training)}, validation


def mean_ndcg(model: Model, movie_ids: NDArray[np.int64], cases: list[Case]) -> float:
    """Return the mean NDCG at VALIDATION_RANKS."""
    lists = rank(model, movie_ids, cases, VALIDATION_RANKS)
    hidden = [case.hidden for case in cases]
    relevant = np.array([len(each) for each in hidden])
    hits = metrics.hits(lists, hidden)
    return float(metrics.ndcg(hits, relevant, VALIDATION_RANKS).mean())
