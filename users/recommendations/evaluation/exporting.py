"""Ranked lists as files, for somebody else to judge, and the splits that somebody else made."""

import json
from pathlib import Path

import numpy as np

from users.recommendations.learning.datasets import BadFile, identity, opened
from users.recommendations.signals import MOST

from .ranking import ranked_and_filled
from .served import Served
from .splits import Case

LENGTH = 500  # films of a list
UNKNOWN = np.empty(0, np.int64)


def fold_in(path: Path) -> list[Case]:
    """Read JSON lines of `user` and `items`, the oldest first. Raises BadFile."""
    with opened(path) as file:
        return [told(path, number, line) for number, line in enumerate(file, 1) if line.strip()]


def told(path: Path, number: int, line: str) -> Case:
    try:
        row = json.loads(line)
        user, items = row["user"], [identity(str(item)) for item in row["items"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadFile(f"{path}, line {number}: no JSON object of a user and items.") from None
    if not isinstance(row["items"], list):
        raise BadFile(f"{path}, line {number}: items is no list.")
    items = np.array(list(dict.fromkeys(items)), np.int64)
    return Case(user, items[-MOST:], items, UNKNOWN)


def export(folds: list[tuple[Served, list[Case]]], path: Path) -> None:
    """Write each user's list: the candidates as they are served, then other films by b.

    Raises BadFile.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for model, cases in folds:
                lists = ranked_and_filled(model, model.b, model.films, cases, LENGTH)
                for case, films in zip(cases, lists):
                    file.write(json.dumps({"user": case.user, "items": films.tolist()}) + "\n")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}.") from None
