"""Turn any model's scores into ranked lists, for batches of users."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .splits import Case

USERS_PER_BATCH = 512


class Model(Protocol):
    def scores(self, folded_in: sp.csr_matrix) -> NDArray[np.float64]:
        """Return scores, users by movies, with -inf for movies that are not candidates."""


def rank(
    model: Model, movie_ids: NDArray[np.int64], cases: list[Case], length: int
) -> NDArray[np.int64]:
    """Return each user's best movies, by score and then by id: users by `length`.

    Shorter lists end with -1.
    """
    found = [ordered(model, movie_ids, batch)[:, :length] for batch in batches(cases)]
    lists = np.vstack(found) if found else np.empty((0, 0), np.int64)
    return np.pad(lists, ((0, 0), (0, length - lists.shape[1])), constant_values=-1)


def rank_and_fill(
    model: Model,
    item_bias: NDArray[np.float64],
    movie_ids: NDArray[np.int64],
    cases: list[Case],
    length: int,
) -> Iterator[NDArray[np.int64]]:
    """Yield each user's best movies, followed by the movies that are not candidates, by bias."""
    by_bias = movie_ids[np.argsort(-item_bias, kind="stable")]
    for batch in batches(cases):
        for case, found in zip(batch, ordered(model, movie_ids, batch)):
            found = found[found >= 0][:length]
            taken = np.concatenate([found, case.excluded])
            rest = by_bias[~np.isin(by_bias, taken)]
            yield np.concatenate([found, rest])[:length]


def ordered(model: Model, movie_ids: NDArray[np.int64], cases: list[Case]) -> NDArray[np.int64]:
    """Return all movies by score, users by movies, with -1 for those not to be recommended."""
    scores = model.scores(user_matrix(movie_ids, [case.folded_in for case in cases]))
    excluded = user_matrix(movie_ids, [case.excluded for case in cases])
    scores[excluded.nonzero()] = -np.inf
    # The ids are ascending, so a stable sort orders equal scores by id.
    best = np.argsort(-scores, axis=1, kind="stable")
    return np.where(np.take_along_axis(scores, best, 1) > -np.inf, movie_ids[best], -1)


def user_matrix(movie_ids: NDArray[np.int64], rows: list[NDArray[np.int64]]) -> sp.csr_matrix:
    """Return a matrix of users by movies, with 1 for each of a user's movies that is known.

    `movie_ids` are the ids of the columns, ascending, and `rows` each user's ids.
    """
    user = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    wanted = np.concatenate([*rows, np.empty(0, np.int64)]).astype(np.int64)
    column = np.minimum(np.searchsorted(movie_ids, wanted), len(movie_ids) - 1)
    is_known = movie_ids[column] == wanted
    ones = np.ones(int(is_known.sum()))
    shape = (len(rows), len(movie_ids))
    return sp.csr_matrix((ones, (user[is_known], column[is_known])), shape)


def batches(cases: list[Case]) -> Iterator[list[Case]]:
    """Yield the cases, USERS_PER_BATCH at a time."""
    for start in range(0, len(cases), USERS_PER_BATCH):
        yield cases[start : start + USERS_PER_BATCH]
