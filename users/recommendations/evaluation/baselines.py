"""The models to compare with: popularity, item-kNN and EASE^R, over the same movies."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from users.recommendations.learning.gram import blocks, invert, weighted_gram

# Constants to try on the validation users.
NEIGHBOURS = (20, 50, 100, 200, 400)
LAMBDAS = (50, 100, 200, 400, 800, 1600)


@dataclass
class Popularity:
    support: NDArray[np.float64]

    def scores(self, folded_in: sp.csr_matrix) -> NDArray[np.float64]:
        return np.tile(self.support, (folded_in.shape[0], 1))


@dataclass
class ItemItem:
    """Scores movie j by the sum of B[i, j] over the movies i that are folded in."""

    B: NDArray[np.float32]

    def scores(self, folded_in: sp.csr_matrix) -> NDArray[np.float64]:
        return folded_in @ self.B


def popularity(X: sp.csc_matrix) -> Popularity:
    """Return the model that recommends the same popular movies to everybody."""
    return Popularity(np.asarray(X.sum(0), np.float64).ravel())


def item_knn(X: sp.csc_matrix, neighbours: int) -> ItemItem:
    """Fit cosine similarities, keeping the nearest `neighbours` of each movie.

    (Sarwar et al. 2001, https://doi.org/10.1145/371920.372071.)
    """
    gram = gram_matrix(X)
    norms = np.sqrt(np.diagonal(gram))
    np.fill_diagonal(gram, 0)
    gram /= norms * norms[:, None]
    for part in blocks(len(gram)):
        # Column j holds the neighbours that contribute to movie j.
        if neighbours < len(gram):
            threshold = -np.partition(-gram[:, part], neighbours - 1, axis=0)[neighbours - 1]
            gram[:, part][gram[:, part] < threshold] = 0
    return ItemItem(gram)


def ease(X: sp.csc_matrix, penalty: float) -> ItemItem:
    """Fit EASE^R with all its weights (Steck 2019, https://arxiv.org/abs/1905.03375)."""
    P = gram_matrix(X)
    P[np.diag_indices_from(P)] += penalty
    invert(P)
    P /= -np.diagonal(P).copy()
    np.fill_diagonal(P, 0)
    return ItemItem(P)


def gram_matrix(X: sp.csc_matrix) -> NDArray[np.float32]:
    """Return Xᵀ X, movies by movies."""
    gram = np.empty((X.shape[1], X.shape[1]), np.float32)
    weighted_gram(X, np.ones(X.shape[0]), gram)
    return gram
