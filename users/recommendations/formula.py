"""How what the model knows becomes a score: shared by serving, in SQL, and by evaluation.

    score_j = (1 - t) (b_j + n c_j + sum_i w_i s_ij)  +  t n^-KAPPA sum_i w_i l_ij

for films i of weight w_i, n their sum, at least 1. With few films the short model answers
(t = 0), with many the long one (t = 1).
"""

from dataclasses import dataclass
from math import log

SHORT_UNTIL, LONG_FROM = 5, 22
KAPPA = 0.35  # n films count as n^0.65
# Candidates are the films that a neighbour leads to, and so many of the largest b.
BEST = 200


@dataclass(frozen=True)
class Mix:
    n: float
    short: float
    long: float


def mix(weights: list[float]) -> Mix:
    """Return n, and the factors of the short and the long part."""
    n = max(1.0, sum(weights))
    t = min(1.0, max(0.0, log(n / SHORT_UNTIL) / log(LONG_FROM / SHORT_UNTIL)))
    return Mix(n, 1 - t, t * n**-KAPPA)
