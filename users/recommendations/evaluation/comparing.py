"""The served model beside the baselines, fold by fold, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from users.recommendations.learning.interactions import Matrix

from . import baselines, metrics, served, tuning
from .ranking import Model, ranked
from .splits import Case, Histories

SERVED = "served"
LONGEST = 100  # places that a metric looks at, at most


@dataclass
class Pooled:
    """What was answered in one row of the table, of all folds so far."""

    hidden: list[np.ndarray] = field(default_factory=list)
    lists: dict[str, list[np.ndarray]] = field(default_factory=dict)

    def add(self, models: dict[str, Model], films: np.ndarray, asked: list[Case]) -> None:
        self.hidden += [case.hidden for case in asked]
        for name, model in models.items():
            self.lists.setdefault(name, []).append(ranked(model, films, asked, LONGEST))


def with_baselines(
    favorites: Histories, learnt: Matrix, model: served.Served, seed: int
) -> tuple[dict[str, Model], dict[str, float]]:
    """Return the models by name, and the baselines' constants. Raises TooLittle."""
    constants = tuning.chosen_constants(favorites, seed)
    models = {
        SERVED: model,
        "popularity": baselines.popularity(learnt.X),
        "item-kNN": baselines.item_knn(learnt.X, constants["neighbours"]),
        "EASE^R": baselines.ease(learnt.X, constants["lambda"]),
    }
    return models, constants


def summary(pooled: Pooled, catalogue: int, seed: int) -> dict | None:
    """Return each model's metrics, and how much better the served one is; None without users."""
    if not pooled.hidden:
        return None
    relevant = np.array([len(each) for each in pooled.hidden])
    counts = metrics.resamples(len(relevant), seed)
    values = {}
    for name, parts in pooled.lists.items():
        lists = np.vstack(parts)
        hits = metrics.found(lists, pooled.hidden)
        values[name] = {
            metric: counts @ function(hits, relevant, k) / len(relevant)
            for metric, (function, k) in metrics.METRICS.items()
        }
        values[name][metrics.COVERAGE] = metrics.coverage(lists, catalogue, counts)
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


def differences(ours: dict, theirs: dict) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each metric's relative difference, where theirs is ever above zero."""
    for metric in ours:
        if (theirs[metric] > 0).all():
            yield metric, metrics.interval(ours[metric] / theirs[metric] - 1)
