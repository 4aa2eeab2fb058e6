"""From scores to ranked lists, for any model, some users at a time."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import scipy.sparse as sp

from .splits import Case

USERS = 512  # at a time


class Model(Protocol):
    def scores(self, folded: sp.csr_matrix) -> np.ndarray:
        """Return users by films, -inf for films that are not to be answered."""


def ranked(model: Model, films: np.ndarray, cases: list[Case], length: int) -> np.ndarray:
    """Return each user's best films, by score and then by id; -1 where there are no more."""
    found = [order(model, films, part)[:, :length] for part in parts(cases)]
    lists = np.vstack(found) if found else np.empty((0, 0), np.int64)
    return np.pad(lists, ((0, 0), (0, length - lists.shape[1])), constant_values=-1)


def ranked_and_filled(
    model: Model, rest: np.ndarray, films: np.ndarray, cases: list[Case], length: int
) -> Iterator[np.ndarray]:
    """Yield each user's best films, then those that are no candidates in the order of `rest`."""
    in_order = films[np.argsort(-rest, kind="stable")]
    for part in parts(cases):
        for case, found in zip(part, order(model, films, part)):
            found = found[found >= 0][:length]
            taken = np.concatenate([found, case.excluded])
            more = in_order[~np.isin(in_order, taken)]
            yield np.concatenate([found, more])[:length]


def order(model: Model, films: np.ndarray, cases: list[Case]) -> np.ndarray:
    folded = by_films(films, [case.folded for case in cases])
    scores = model.scores(folded)
    scores[by_films(films, [case.excluded for case in cases]).nonzero()] = -np.inf
    # `films` ascend, so that a stable sort leaves equal scores in the order of ids.
    best = np.argsort(-scores, axis=1, kind="stable")
    return np.where(np.take_along_axis(scores, best, 1) > -np.inf, films[best], -1)


def by_films(films: np.ndarray, rows: list[np.ndarray]) -> sp.csr_matrix:
    """Return users by films, 1 for each of a user's films that is known."""
    user = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    wanted = np.concatenate([*rows, np.empty(0, np.int64)]).astype(np.int64)
    place = np.minimum(np.searchsorted(films, wanted), len(films) - 1)
    known = films[place] == wanted
    ones = np.ones(int(known.sum()))
    return sp.csr_matrix((ones, (user[known], place[known])), (len(rows), len(films)))


def parts(cases: list[Case]) -> Iterator[list[Case]]:
    for start in range(0, len(cases), USERS):
        yield cases[start : start + USERS]
