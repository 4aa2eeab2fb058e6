"""What the model is compared with: popularity, item-kNN and EASE^R, all over the same films."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from users.recommendations.learning.gram import blocks, invert, weighted_gram

# Tried on validation users, who are carved from those trained on.
NEIGHBOURS = (20, 50, 100, 200, 400)
LAMBDAS = (50, 100, 200, 400, 800, 1600)


@dataclass
class Popularity:
    support: np.ndarray

    def scores(self, folded: sp.csr_matrix) -> np.ndarray:
        return np.tile(self.support, (folded.shape[0], 1))


@dataclass
class ItemItem:
    """B, films by films: a user's score of j is the sum of b_ij over the films i folded in."""

    B: np.ndarray

    def scores(self, folded: sp.csr_matrix) -> np.ndarray:
        return folded @ self.B


def popularity(X: sp.csc_matrix) -> Popularity:
    return Popularity(np.asarray(X.sum(0), np.float64).ravel())


def item_knn(X: sp.csc_matrix, neighbours: int) -> ItemItem:
    """Fit cosine similarities, of each film only to its nearest `neighbours`.

    (Sarwar et al. 2001, https://doi.org/10.1145/371920.372071.)
    """
    gram = gram_of(X)
    length = np.sqrt(np.diagonal(gram))
    np.fill_diagonal(gram, 0)
    gram /= length * length[:, None]
    for part in blocks(len(gram)):
        # Column j holds what speaks for j.
        if neighbours < len(gram):
            least = -np.partition(-gram[:, part], neighbours - 1, axis=0)[neighbours - 1]
            gram[:, part][gram[:, part] < least] = 0
    return ItemItem(gram)


def ease(X: sp.csc_matrix, penalty: float) -> ItemItem:
    """Fit EASE^R in full (Steck 2019, https://arxiv.org/abs/1905.03375)."""
    P = gram_of(X)
    P[np.diag_indices_from(P)] += penalty
    invert(P)
    P /= -np.diagonal(P).copy()
    np.fill_diagonal(P, 0)
    return ItemItem(P)


def gram_of(X: sp.csc_matrix) -> np.ndarray:
    gram = np.empty((X.shape[1], X.shape[1]), np.float32)
    weighted_gram(X, np.ones(X.shape[0]), gram)
    return gram
