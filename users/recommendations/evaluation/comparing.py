"""Compare the served model with the baselines, over all folds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from users.recommendations.learning.interactions import InteractionMatrix

from . import baselines, metrics, served, tuning
from .metrics import Interval
from .ranking import Model, rank
from .splits import Case, Histories

SERVED = "served"
LIST_LENGTH = 100  # the largest k of the metrics


class Summary(TypedDict):
    """The results of one row of the comparison: intervals by model and metric."""

    users: int
    models: dict[str, dict[str, Interval]]
    differences: dict[str, dict[str, Interval]]


@dataclass
class PooledLists:
    """The ranked lists of one row of the comparison, from all folds so far."""

    hidden: list[NDArray[np.int64]] = field(default_factory=list)
    lists: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)

    def add(
        self, models: dict[str, Model], movie_ids: NDArray[np.int64], cases: list[Case]
    ) -> None:
        """Add one fold: rank the movies for each case with each model."""
        self.hidden += [case.hidden for case in cases]
        for name, model in models.items():
            self.lists.setdefault(name, []).append(rank(model, movie_ids, cases, LIST_LENGTH))


def with_baselines(
    favorites: Histories, matrix: InteractionMatrix, model: served.ServedModel, seed: int
) -> tuple[dict[str, Model], dict[str, int]]:
    """Return the served model and the baselines by name, and the baselines' constants.

    Raises TooLittleData.
    """
    constants = tuning.choose_constants(favorites, seed)
    models: dict[str, Model] = {
        SERVED: model,
        "popularity": baselines.popularity(matrix.X),
        "item-kNN": baselines.item_knn(matrix.X, constants["neighbours"]),
        "EASE^R": baselines.ease(matrix.X, constants["lambda"]),
    }
    return models, constants


def summarize(pooled: PooledLists, catalogue_size: int, seed: int) -> Summary | None:
    """Return the metrics of each model, or None if there are no users.

    Differences are those of the served model to each baseline.
    """
    if not pooled.hidden:
        return None
    relevant = np.array([len(each) for each in pooled.hidden])
    counts = metrics.resamples(len(relevant), seed)
    values: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name, parts in pooled.lists.items():
        lists = np.vstack(parts)
        hits = metrics.hits(lists, pooled.hidden)
        values[name] = {
            metric: counts @ function(hits, relevant, k) / len(relevant)
            for metric, (function, k) in metrics.METRICS.items()
        }
        values[name][metrics.COVERAGE] = metrics.coverage(lists, catalogue_size, counts)
    return {
        "users": len(relevant),
        "models": {
            name: {metric: metrics.interval(each) for metric, each in of_model.items()}
            for name, of_model in values.items()
        },
        "differences": {
            name: dict(differences(values[SERVED], of_model))
            for name, of_model in values.items()
            if name != SERVED
        },
    }


def differences(
    ours: dict[str, NDArray[np.float64]], theirs: dict[str, NDArray[np.float64]]
) -> Iterator[tuple[str, Interval]]:
    """Yield each metric's relative difference, unless their value is zero in some resample."""
    for metric in ours:
        if (theirs[metric] > 0).all():
            yield metric, metrics.interval(ours[metric] / theirs[metric] - 1)
