"""Measure the quality of ranked lists, and its uncertainty.

Ranked lists are arrays of users by ranks that hold movie ids, with -1 after the end of a list.
"""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000


class Interval(TypedDict):
    """A value and its 95 % confidence interval."""

    value: float
    low: float
    high: float


def hits(ranked: NDArray[np.int64], hidden: list[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Return which entries of the ranked lists are hidden movies: users by ranks."""
    return np.array([np.isin(row, wanted) for row, wanted in zip(ranked, hidden)])


def recall(hits: NDArray[np.bool_], relevant: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Return each user's hits in the first k ranks, as a share of the possible ones.

    `relevant` are the users' numbers of hidden movies, of which at most k can be found.
    """
    return hits[:, :k].sum(1) / np.minimum(relevant, k)


def ndcg(hits: NDArray[np.bool_], relevant: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Return each user's normalized discounted cumulative gain at k.

    (Järvelin and Kekäläinen 2002, https://doi.org/10.1145/582415.582418.)
    """
    gains = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(gains)[np.minimum(relevant, k) - 1]
    return hits[:, :k] @ gains[: hits.shape[1]] / ideal


def hit_rate(hits: NDArray[np.bool_], relevant: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Return 1 for each user with a hit in the first k ranks, else 0."""
    return hits[:, :k].any(1).astype(float)


METRICS = {
    "Recall@20": (recall, 20),
    "NDCG@20": (ndcg, 20),
    "NDCG@100": (ndcg, 100),
    "HR@10": (hit_rate, 10),
}
COVERAGE, COVERAGE_RANKS = "Coverage@20", 20


def coverage(
    ranked: NDArray[np.int64], catalogue_size: int, counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the share of the catalogue within anybody's first ranks, for each resample.

    `counts` are resamples by users, as `resamples` returns them.
    """
    movie_ids, column = np.unique(ranked[:, :COVERAGE_RANKS], return_inverse=True)
    column = column.reshape(len(ranked), -1)
    shown = np.zeros((len(ranked), len(movie_ids)), np.float32)
    np.put_along_axis(shown, column, 1, axis=1)
    is_shown = (counts.astype(np.float32) @ shown)[:, movie_ids >= 0] > 0
    return is_shown.sum(1) / catalogue_size


def resamples(users: int, seed: int) -> NDArray[np.int64]:
    """Return how often each user is drawn, resamples by users (bootstrap, Efron 1979).

    The first row draws every user once; RESAMPLES random rows follow. All models and metrics share
    the same draws, so their differences are paired.
    """
    drawn = np.random.default_rng(seed).multinomial(users, np.full(users, 1 / users), RESAMPLES)
    return np.vstack([np.ones((1, users), int), drawn])


def interval(values: NDArray[np.float64]) -> Interval:
    """Return the value of all users, with the 95 % percentile interval of the resamples.

    The interval is shifted so that the median of the resamples equals the value. Without the
    shift, it could exclude the coverage, which is lower in every resample because fewer distinct
    users are drawn.
    """
    value = float(values[0])
    low, median, high = np.percentile(values[1:], [2.5, 50, 97.5]).tolist()
    return {"value": value, "low": value + low - median, "high": value + high - median}
