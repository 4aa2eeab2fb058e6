"""Which neighbours of each film are kept, and as what numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from users.recommendations.models import Neighbour

from .fit import Fitted

ROWS = 300  # a film, on average
LARGEST = 32767  # of a smallint


@dataclass
class Rows:
    """Some rows by position of the films: what `film` says of each `other`."""

    film: np.ndarray
    other: np.ndarray
    short: np.ndarray
    long: np.ndarray

    def __len__(self) -> int:
        return len(self.film)


def kept_rows(model: Fitted, per_film: int = ROWS) -> Iterator[Rows]:
    """Yield the strongest rows of each film, signs kept, BLOCK films at a time.

    Raises LinAlgError where there are no numbers.

    A popular film is a favorite more often: it keeps more, in proportion to the root of its
    popularity, from a quarter of `per_film` to four times as many.
    """
    m = len(model.b)
    share = np.clip(np.sqrt(model.popularity / model.popularity.mean()), 0.25, 4)
    many = np.round(per_film * share / share.mean())
    many = np.clip(np.clip(many, per_film / 4, 4 * per_film).astype(int), 1, m - 1)
    for part, S, L in model.rows():
        if not (np.isfinite(S).all() and np.isfinite(L).all()):
            raise np.linalg.LinAlgError("The model holds no numbers.")
        size = np.abs(S) / rms(S) + 2 * np.abs(L) / rms(L)
        films, others = [], []
        for row, film in enumerate(range(part.start, part.stop)):
            size[row, film] = -1
            chosen = np.argpartition(-size[row], many[film] - 1)[: many[film]]
            chosen.sort()
            films.append(np.full(len(chosen), film, np.int32))
            others.append(chosen.astype(np.int32))
        film, other = np.concatenate(films), np.concatenate(others)
        short, long = quantized(S[film - part.start, other]), quantized(L[film - part.start, other])
        something = (short != 0) | (long != 0)
        yield Rows(film[something], other[something], short[something], long[something])


def rms(block: np.ndarray) -> np.ndarray:
    return np.sqrt((block**2).mean(1, keepdims=True)) + 1e-12


def quantized(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values * Neighbour.SCALE), -LARGEST, LARGEST).astype(np.int16)
