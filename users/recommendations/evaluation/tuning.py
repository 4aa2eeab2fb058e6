"""The baselines at their best: constants chosen on users carved from those trained on."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from users.recommendations.learning.interactions import matrix

from . import baselines, metrics
from .ranking import Model, ranked
from .splits import Case, HeldOut, Histories, cases, divided, interactions

VALIDATION = 0.1  # of the users trained on
PLACES = 20  # whose NDCG decides


def chosen_constants(favorites: Histories, seed: int) -> dict[str, int]:
    """Return item-kNN's `neighbours` and EASE^R's `lambda` that serve validation users best.

    Raises TooLittle.
    """
    inside, validation = carved(favorites, seed)
    learnt = matrix(interactions(inside))
    asked = cases(validation, "all", seed)

    def best(fit: Callable[[sp.csr_matrix, int], Model], constants: tuple[int, ...]) -> int:
        return max(constants, key=lambda each: score(fit(learnt.X, each), learnt.films, asked))

    return {
        "neighbours": best(baselines.item_knn, baselines.NEIGHBOURS),
        "lambda": best(baselines.ease, baselines.LAMBDAS),
    }


def carved(favorites: Histories, seed: int) -> tuple[Histories, list[HeldOut]]:
    random = np.random.default_rng(seed)
    users = random.permutation(list(favorites)).tolist()
    outside = users[: round(VALIDATION * len(users))]
    validation = [divided(user, favorites[user], random, last=False) for user in outside]
    inside = favorites.keys() - set(outside)
    return {user: favorites[user] for user in sorted(inside)}, validation


def score(model: Model, films: np.ndarray, asked: list[Case]) -> float:
    lists = ranked(model, films, asked, PLACES)
    hidden = [case.hidden for case in asked]
    relevant = np.array([len(each) for each in hidden])
    return float(metrics.ndcg(metrics.found(lists, hidden), relevant, PLACES).mean())
