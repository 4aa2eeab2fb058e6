"""The item-item part as it is served: `ranking.ranked` in numpy, for many users at once.

It works on the rows that training would have written, whole numbers as they are.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from users.recommendations.formula import BEST, mix
from users.recommendations.learning.fit import fit
from users.recommendations.learning.interactions import Matrix
from users.recommendations.learning.rows import kept_rows
from users.recommendations.models import Neighbour


@dataclass
class Served:
    """A model of m films: `short` and `long` are m by m as they are stored, SCALE to one."""

    films: np.ndarray
    b: np.ndarray
    c: np.ndarray
    short: sp.csr_matrix
    long: sp.csr_matrix
    exists: sp.csr_matrix  # 1 where a row is stored

    def scores(self, folded: sp.csr_matrix) -> np.ndarray:
        """Score all films for each user; -inf for those that are no candidates.

        `folded` holds users by films, their weights.
        """
        mixed = [mix([total]) for total in folded.sum(1).ravel().tolist()[0]]
        n = np.array([each.n for each in mixed])[:, None]
        short = np.array([each.short for each in mixed])[:, None]
        long = np.array([each.long for each in mixed])[:, None]
        scores = (folded @ self.short).toarray() * (short / Neighbour.SCALE)
        scores += (folded @ self.long).toarray() * (long / Neighbour.SCALE)
        scores += short * (self.b + n * self.c)
        candidates = ((folded != 0).astype(np.int32) @ self.exists).toarray() > 0
        candidates[:, np.argsort(-self.b, kind="stable")[:BEST]] = True
        scores[~candidates] = -np.inf
        return scores


def train(matrix: Matrix, per_film: int, **penalties) -> Served:
    """Do what `train_recommender` does, and keep the rows in memory."""
    model = fit(matrix.X, matrix.weights, **penalties)
    parts = list(kept_rows(model, per_film))
    film, other, short, long = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("film", "other", "short", "long")
    )
    shape = (len(matrix.films), len(matrix.films))

    def table(values: np.ndarray) -> sp.csr_matrix:
        return sp.csr_matrix((values, (film, other)), shape)

    return Served(
        films=matrix.films,
        b=model.b.astype(np.float64),
        c=model.c.astype(np.float64),
        short=table(short.astype(np.float64)),
        long=table(long.astype(np.float64)),
        exists=table(np.ones(len(film), np.int32)),
    )
