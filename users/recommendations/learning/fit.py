"""Fit the item-item model: two ridge regressions, for short and for long histories.

EASE^R (Steck 2019, https://arxiv.org/abs/1905.03375) learns to complete whole histories, but is
then asked about users with only a few movies. Here, each regression is trained for the length
that it is asked about. Both have a closed form like EASE^R's, over Gram matrices that are
expectations over random parts, n movies long, of each user's history.

Memory holds three dense matrices of movies by movies, with 4 bytes for each number. They are
computed in blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from users.recommendations.formula import KAPPA

from .gram import Sparse, blocks, column_sums, invert, weighted_gram

SHORT_SHOWN = 2  # movies of each user's history that the short model is trained on
LONG_SHOWN = 0.6  # share of each user's history that the long model is trained on
USER_EXPONENT = 0.2  # in the long model, a user with N movies weighs N^-0.2
LAMBDA_SHORT = 60.0
LAMBDA_LONG = 120.0  # minimum
# The long model's columns are scaled by popularity to the power of an exponent, which is
# interpolated between these numbers of users. With few users, the model would otherwise recommend
# the same few movies to everybody.
DISCOUNT_USERS, DISCOUNT_EXPONENTS = (500, 5_000), (-0.28, -0.15)
SMOOTHING = 0.03  # added to each popularity, as a share of the mean


@dataclass
class FittedModel:
    """A model of m movies. Vectors have m numbers, matrices m by m.

    `b` is the item bias and `c` the correction for centring. P, C and g make up the short model,
    S = P C - P diag(g) - c, which is computed block by block; L is the long model.
    """

    b: NDArray[np.float32]
    c: NDArray[np.float32]
    popularity: NDArray[np.float64]
    P: NDArray[np.float32]
    C: NDArray[np.float32]
    g: NDArray[np.float32]
    L: NDArray[np.float32]

    def rows(self) -> Iterator[tuple[slice, NDArray[np.float32], NDArray[np.float32]]]:
        """Yield blocks of consecutive rows, as (which rows, their part of S, their part of L)."""
        m = len(self.b)
        for part in blocks(m):
            S = self.P[part] @ self.C - self.P[part, :m] * self.g - self.c
            inside = np.arange(part.start, part.stop)
            S[inside - part.start, inside] = 0
            yield part, S, self.L[part]


def fit(
    X: Sparse,
    weights: NDArray[np.float64] | None = None,
    *,
    lambda_short: float = LAMBDA_SHORT,
    lambda_long: float | None = None,
) -> FittedModel:
    """Fit the model to a matrix of users by movies that holds 0 and 1 as float32.

    Each movie needs at least one user, and each user at least two movies. `weights` are the
    users' weights, 1 by default. The default of `lambda_long` grows with their sum.

    Raises np.linalg.LinAlgError if a regression cannot be solved.
    """
    counts = np.asarray(X.sum(1)).ravel().astype(np.float64)
    users = np.ones(X.shape[0]) if weights is None else weights.astype(np.float64)
    if lambda_long is None:
        lambda_long = lambda_long_for(users.sum())
    popularity = column_sums(X, users)
    L = fit_long(X, counts, users, popularity, lambda_long)
    P, C, g = fit_short(X, counts, users, popularity, lambda_short)
    m = X.shape[1]
    b = P[m] @ C - P[m, :m] * g
    share = (popularity / popularity.sum()).astype(np.float32)
    mean = share @ P[:m]
    c = mean @ C - mean[:m] * g
    return FittedModel(b, c, popularity, P[:m], C, g, L)


def lambda_long_for(users: float) -> float:
    """Return the long model's regularization for this number of users."""
    return max(LAMBDA_LONG, 15 * users ** (1 / 3))


def popularity_discount(popularity: NDArray[np.float64], users: float) -> NDArray[np.float32]:
    """Return the factor of each movie's column in the long model."""
    exponent = np.interp(np.log(users), np.log(DISCOUNT_USERS), DISCOUNT_EXPONENTS)
    smoothed = popularity + SMOOTHING * popularity.mean()
    return ((smoothed / smoothed.mean()) ** exponent).astype(np.float32)


def fit_short(
    X: Sparse,
    counts: NDArray[np.float64],
    users: NDArray[np.float64],
    popularity: NDArray[np.float64],
    penalty: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return P, C and g of the short model B = P C - P diag(g).

    `counts` are the users' numbers of movies, and `users` their weights. P and C have an extra
    last row for the constant feature, which becomes the item bias.
    """
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
    g = invert_and_constrain(A, C)
    return A, C, g


def fit_long(
    X: Sparse,
    counts: NDArray[np.float64],
    users: NDArray[np.float64],
    popularity: NDArray[np.float64],
    penalty: float,
) -> NDArray[np.float32]:
    """Return the long model L, movies by movies."""
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
    g = invert_and_constrain(A, C)
    factors = popularity_discount(popularity, users.sum())
    L = np.empty((m, m), np.float32)
    for part in blocks(m):
        L[part] = (A[part] @ C - A[part] * g) * factors
    L[diagonal, diagonal] = 0
    return L


def invert_and_constrain(A: NDArray[np.float32], C: NDArray[np.float32]) -> NDArray[np.float32]:
    """Replace A by its inverse P, and return diag(P C) / diag(P).

    These Lagrange multipliers keep the diagonal of the solution at zero, so that no movie
    predicts itself.
    """
    invert(A)
    m = C.shape[1]
    diagonal = np.zeros(m)
    for part in blocks(len(A)):
        diagonal += (A[part, :m] * C[part]).sum(0)
    return (diagonal / np.diagonal(A)[:m]).astype(np.float32)
