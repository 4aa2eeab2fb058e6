"""How good ranked lists are, user by user, and how sure that is.

Ranked lists are users by places, films' ids, -1 where a list has ended.
"""

import numpy as np

RESAMPLES = 1000


def found(ranked: np.ndarray, hidden: list[np.ndarray]) -> np.ndarray:
    """Return where in the lists the hidden films stand: users by places."""
    return np.array([np.isin(films, wanted) for films, wanted in zip(ranked, hidden)])


def recall(hits: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    """Return the part of the hidden films found in k places, of as many as could be."""
    return hits[:, :k].sum(1) / np.minimum(relevant, k)


def ndcg(hits: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    """Return the normalised discounted cumulative gain of k places (Järvelin, Kekäläinen 2002)."""
    gains = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(gains)[np.minimum(relevant, k) - 1]
    return hits[:, :k] @ gains[: hits.shape[1]] / ideal


def hit_rate(hits: np.ndarray, relevant: np.ndarray, k: int) -> np.ndarray:
    return hits[:, :k].any(1).astype(float)


METRICS = {
    "Recall@20": (recall, 20),
    "NDCG@20": (ndcg, 20),
    "NDCG@100": (ndcg, 100),
    "HR@10": (hit_rate, 10),
}
COVERAGE, COVERED = "Coverage@20", 20


def coverage(ranked: np.ndarray, catalogue: int, counts: np.ndarray) -> np.ndarray:
    """Return the part of the catalogue that stands in somebody's first places, a resample each."""
    films, place = np.unique(ranked[:, :COVERED], return_inverse=True)
    place = place.reshape(len(ranked), -1)
    shown = np.zeros((len(ranked), len(films)), np.float32)
    np.put_along_axis(shown, place, 1, axis=1)
    return ((counts.astype(np.float32) @ shown)[:, films >= 0] > 0).sum(1) / catalogue


def resamples(users: int, seed: int) -> np.ndarray:
    """Return how often each user is drawn: first all users once, then RESAMPLES bootstraps.

    (Efron 1979.) All models and metrics are looked at with the same draws, so that differences
    are paired.
    """
    drawn = np.random.default_rng(seed).multinomial(users, np.full(users, 1 / users), RESAMPLES)
    return np.vstack([np.ones((1, users), int), drawn])


def interval(values: np.ndarray) -> dict[str, float]:
    """Return the value of all users, and the 95 % percentile interval of the resamples around it.

    Their median is moved to the value: a resample holds fewer different users, so that its
    coverage is always less.
    """
    value = float(values[0])
    low, middle, high = np.percentile(values[1:], [2.5, 50, 97.5]).tolist()
    return {"value": value, "low": value + low - middle, "high": value + high - middle}
