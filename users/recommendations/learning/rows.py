"""Choose the neighbours to store for each movie, and convert them to integers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from users.recommendations.models import Neighbour

from .fit import FittedModel

ROWS_PER_MOVIE = 300  # on average
SMALLINT_MAX = 32767


@dataclass
class Rows:
    """Rows of Neighbour as columns. `movie` and `other` are positions in the model, not ids."""

    movie: NDArray[np.int32]
    other: NDArray[np.int32]
    short: NDArray[np.int16]
    long: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.movie)


def strongest_rows(model: FittedModel, rows_per_movie: int = ROWS_PER_MOVIE) -> Iterator[Rows]:
    """Yield the strongest neighbours of each movie, positive or negative, block by block.

    A popular movie is more often a favorite, so its number of rows grows with the square root of
    its popularity, from a quarter of `rows_per_movie` to four times as many.

    Raises np.linalg.LinAlgError if the model holds infinities or NaN.
    """
    m = len(model.b)
    share = np.clip(np.sqrt(model.popularity / model.popularity.mean()), 0.25, 4)
    limits = np.round(rows_per_movie * share / share.mean())
    limits = np.clip(np.clip(limits, rows_per_movie / 4, 4 * rows_per_movie).astype(int), 1, m - 1)
    for part, S, L in model.rows():
        if not (np.isfinite(S).all() and np.isfinite(L).all()):
            raise np.linalg.LinAlgError("The model holds infinities or NaN.")
        size = np.abs(S) / rms(S) + 2 * np.abs(L) / rms(L)
        movies, others = [], []
        for row, position in enumerate(range(part.start, part.stop)):
            size[row, position] = -1
            limit = limits[position]
            chosen = np.argpartition(-size[row], limit - 1)[:limit]
            chosen.sort()
            movies.append(np.full(len(chosen), position, np.int32))
            others.append(chosen.astype(np.int32))
        movie, other = np.concatenate(movies), np.concatenate(others)
        short = quantize(S[movie - part.start, other])
        long = quantize(L[movie - part.start, other])
        nonzero = (short != 0) | (long != 0)
        yield Rows(movie[nonzero], other[nonzero], short[nonzero], long[nonzero])


def rms(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the root mean square of each row, as a column that is never 0."""
    return np.sqrt((block**2).mean(1, keepdims=True)) + 1e-12


def quantize(values: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return the values as integers in units of 1/SCALE, clipped to the range of a smallint."""
    scaled = np.round(values * Neighbour.SCALE)
    return np.clip(scaled, -SMALLINT_MAX, SMALLINT_MAX).astype(np.int16)
