"""The item-item model as it is served: `ranking.ranked_movies` in numpy, for many users at once.

It works on the same integer rows that training would store.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from users.recommendations.formula import TOP_BY_BIAS, mix
from users.recommendations.learning.fit import LAMBDA_SHORT, fit
from users.recommendations.learning.interactions import InteractionMatrix
from users.recommendations.learning.rows import strongest_rows
from users.recommendations.models import Neighbour


@dataclass
class ServedModel:
    """A model of m movies. Vectors have m numbers; matrices are m by m, in units of 1/SCALE."""

    movie_ids: NDArray[np.int64]
    b: NDArray[np.float64]
    c: NDArray[np.float64]
    short: sp.csr_matrix
    long: sp.csr_matrix
    is_stored: sp.csr_matrix  # 1 for each stored row

    def scores(self, folded_in: sp.csr_matrix) -> NDArray[np.float64]:
        """Return scores, users by movies, with -inf for movies that are not candidates.

        `folded_in` holds the weights of the users' movies, users by movies.
        """
        mixes = [mix([total]) for total in folded_in.sum(1).ravel().tolist()[0]]
        n = np.array([each.n for each in mixes])[:, None]
        short = np.array([each.short for each in mixes])[:, None]
        long = np.array([each.long for each in mixes])[:, None]
        scores = (folded_in @ self.short).toarray() * (short / Neighbour.SCALE)
        scores += (folded_in @ self.long).toarray() * (long / Neighbour.SCALE)
        scores += short * (self.b + n * self.c)
        is_folded_in = folded_in.astype(bool).astype(np.int32)
        is_candidate = (is_folded_in @ self.is_stored).toarray() > 0
        is_candidate[:, np.argsort(-self.b, kind="stable")[:TOP_BY_BIAS]] = True
        scores[~is_candidate] = -np.inf
        return scores


def train(
    matrix: InteractionMatrix,
    rows_per_movie: int,
    *,
    lambda_short: float = LAMBDA_SHORT,
    lambda_long: float | None = None,
) -> ServedModel:
    """Train a model like `train_recommender` does, but keep it in memory."""
    model = fit(matrix.X, matrix.weights, lambda_short=lambda_short, lambda_long=lambda_long)
    parts = list(strongest_rows(model, rows_per_movie))
    movie = np.concatenate([part.movie for part in parts])
    other = np.concatenate([part.other for part in parts])
    shape = (len(matrix.movie_ids), len(matrix.movie_ids))

    def sparse(values: NDArray) -> sp.csr_matrix:
        return sp.csr_matrix((values, (movie, other)), shape)

    return ServedModel(
        movie_ids=matrix.movie_ids,
        b=model.b.astype(np.float64),
        c=model.c.astype(np.float64),
        short=sparse(np.concatenate([part.short for part in parts]).astype(np.float64)),
        long=sparse(np.concatenate([part.long for part in parts]).astype(np.float64)),
        is_stored=sparse(np.ones(len(movie), np.int32)),
    )
