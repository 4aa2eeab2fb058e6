"""The two ridge regressions of the item-item model: for short histories, and for long ones.

EASE^R (Steck 2019, https://arxiv.org/abs/1905.03375) learns to complete whole histories and is
then asked about a few films. Here each regression is trained for the length that it will be
asked about: closed form as EASE^R is, over Gram matrices that are the expectation over random
parts of n films of each user's history.

Of three matrices of films by films, 4 bytes a number, all are made in blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from users.recommendations.formula import KAPPA

from .gram import blocks, column_sums, invert, weighted_gram

SHORT_SHOWN = 2  # films of a user's that the short model is trained to be shown
LONG_SHOWN = 0.6  # part of a user's films that the long model is trained to be shown
USER_EXPONENT = 0.2  # a user of N films weighs N^-0.2 in the long model
LAMBDA_SHORT = 60.0
LAMBDA_LONG = 120.0  # at least
# The exponent of a film's popularity that its column of L is multiplied with: by users, from so
# few to so many. With few of them L leads to ever the same films, and tells them apart too little.
USERS, DISCOUNTS = (500, 5_000), (-0.28, -0.15)
SMOOTHING = 0.03  # of the mean popularity


@dataclass
class Fitted:
    """The model of m films. `rows` makes both matrices, a block of rows at a time."""

    b: np.ndarray
    c: np.ndarray
    popularity: np.ndarray
    P: np.ndarray
    C: np.ndarray
    g: np.ndarray
    L: np.ndarray

    def rows(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield (which films, S centred by `c`, L) from the first film to the last."""
        m = len(self.b)
        for part in blocks(m):
            S = self.P[part] @ self.C - self.P[part, :m] * self.g - self.c
            inside = np.arange(part.start, part.stop)
            S[inside - part.start, inside] = 0
            yield part, S, self.L[part]


def fit(
    X: sp.csc_matrix,
    weights: np.ndarray | None = None,
    *,
    lambda_short: float = LAMBDA_SHORT,
    lambda_long: float | None = None,
) -> Fitted:
    """Fit users by films (0 or 1, float32), each film with some support, each user with two films.

    `weights` are the users'. `lambda_long` grows with their sum if it is not given.
    """
    counts = np.asarray(X.sum(1)).ravel().astype(np.float64)
    users = np.ones(X.shape[0]) if weights is None else weights.astype(np.float64)
    if lambda_long is None:
        lambda_long = lambda_for(users.sum())
    popularity = column_sums(X, users)
    L = fit_long(X, counts, users, popularity, lambda_long)
    P, C, g = fit_short(X, counts, users, popularity, lambda_short)
    m = X.shape[1]
    b = P[m] @ C - P[m, :m] * g
    share = (popularity / popularity.sum()).astype(np.float32)
    mean = share @ P[:m]
    c = mean @ C - mean[:m] * g
    return Fitted(b, c, popularity, P[:m], C, g, L)


def lambda_for(users: float) -> float:
    """Return the long model's lambda, for so many users."""
    return max(LAMBDA_LONG, 15 * users ** (1 / 3))


def discount(popularity: np.ndarray, users: float) -> np.ndarray:
    """Return what each film's column of the long model is multiplied with."""
    exponent = np.interp(np.log(users), np.log(USERS), DISCOUNTS)
    smoothed = popularity + SMOOTHING * popularity.mean()
    return ((smoothed / smoothed.mean()) ** exponent).astype(np.float32)


def fit_short(X, counts, users, popularity, penalty) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return P, C and the multipliers g of B = P C - P diag(g), the constant feature last."""
    m, n = X.shape[1], np.minimum(SHORT_SHOWN, counts - 1)
    A, C = np.empty((m + 1, m + 1), np.float32), np.empty((m + 1, m), np.float32)
    weighted_gram(X, users * n * (n - 1) / (counts * (counts - 1)), A[:m, :m])
    weighted_gram(X, users * n / counts, C[:m])
    C[m] = popularity
    shown = column_sums(X, users * n / counts)
    diagonal = np.arange(m)
    A[diagonal, diagonal] = shown + penalty * (users * n).sum() / (users * counts).sum()
    A[m, :m] = A[:m, m] = shown
    A[m, m] = users.sum() + 1
    C[diagonal, diagonal] = 0
    return A, C, multipliers(A, C)


def fit_long(X, counts, users, popularity, penalty) -> np.ndarray:
    """Return L, films by films."""
    m = X.shape[1]
    weights = users * counts**-USER_EXPONENT
    weights *= (users * counts).sum() / (weights * counts).sum()
    n = LONG_SHOWN * counts
    A, C = np.empty((m, m), np.float32), np.empty((m, m), np.float32)
    pairs = n * np.maximum(n - 1, 0) / (counts * (counts - 1))
    weighted_gram(X, weights * n ** (-2 * KAPPA) * pairs, A)
    weighted_gram(X, weights * n ** (1 - KAPPA) / counts, C)
    shown = weights * n ** (1 - 2 * KAPPA)
    diagonal = np.arange(m)
    A[diagonal, diagonal] = (
        column_sums(X, shown / counts) + penalty * shown.sum() / (weights * counts).sum()
    )
    C[diagonal, diagonal] = 0
    g = multipliers(A, C)
    factors = discount(popularity, users.sum())
    L = np.empty((m, m), np.float32)
    for part in blocks(m):
        L[part] = (A[part] @ C - A[part] * g) * factors
    L[diagonal, diagonal] = 0
    return L


def multipliers(A: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Invert A in place to P, and return diag(PC) / diag(P): what keeps B's diagonal at zero."""
    invert(A)
    m = C.shape[1]
    diagonal = np.zeros(m)
    for part in blocks(len(A)):
        diagonal += (A[part, :m] * C[part]).sum(0)
    return (diagonal / np.diagonal(A)[:m]).astype(np.float32)
