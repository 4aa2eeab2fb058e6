"""The scoring formula, shared by the SQL that serves answers and by the evaluation.

    score_j = (1 - t) (b_j + n c_j + sum_i w_i s_ij)  +  t n^-KAPPA sum_i w_i l_ij

The sums run over the user's movies i with their weights w_i, and n = max(1, sum_i w_i). As n
grows from SHORT_UNTIL to LONG_FROM, t grows from 0 to 1: the model for short histories hands over
to the one for long histories.
"""

from dataclasses import dataclass
from math import log

SHORT_UNTIL, LONG_FROM = 5, 22
KAPPA = 0.35  # in the long model, n movies count as n^0.65
# Candidates are the neighbours of the user's movies, and this many movies of highest item bias.
TOP_BY_BIAS = 200


@dataclass(frozen=True)
class Mix:
    """n of the formula, and the factors of its short and its long part."""

    n: float
    short: float
    long: float


def mix(weights: list[float]) -> Mix:
    """Return how to mix the short and the long model for movies of these weights."""
    n = max(1.0, sum(weights))
    t = min(1.0, max(0.0, log(n / SHORT_UNTIL) / log(LONG_FROM / SHORT_UNTIL)))
    return Mix(n, 1 - t, t * n**-KAPPA)
