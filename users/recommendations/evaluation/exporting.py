"""Export ranked lists for evaluation elsewhere, and import splits made elsewhere."""

import json
from pathlib import Path

import numpy as np

from users.recommendations.feedback import MAX_FEEDBACK
from users.recommendations.learning.datasets import BadFile, open_text, parse_id

from .ranking import rank_and_fill
from .served import ServedModel
from .splits import Case

LIST_LENGTH = 500
UNKNOWN = np.empty(0, np.int64)


def read_cases(path: Path) -> list[Case]:
    """Read JSON lines of `user` and `items`, oldest item first. Raises BadFile."""
    with open_text(path) as file:
        return [
            parse_case(path, number, line) for number, line in enumerate(file, 1) if line.strip()
        ]


def parse_case(path: Path, number: int, line: str) -> Case:
    """Return the case on a line. Its hidden movies are unknown. Raises BadFile."""
    try:
        row = json.loads(line)
        user, ids = row["user"], [parse_id(str(item)) for item in row["items"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadFile(f"{path}, line {number}: expected a JSON object of user and items.") from None
    if not isinstance(row["items"], list):
        raise BadFile(f"{path}, line {number}: items must be a list.")
    items = np.array(list(dict.fromkeys(ids)), np.int64)
    return Case(user, items[-MAX_FEEDBACK:], items, UNKNOWN)


def export(folds: list[tuple[ServedModel, list[Case]]], path: Path) -> None:
    """Write each user's list as a JSON line, with LIST_LENGTH movies.

    The candidates come first, ranked as they would be served, then other movies by item bias.
    Raises BadFile.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for model, cases in folds:
                lists = rank_and_fill(model, model.b, model.movie_ids, cases, LIST_LENGTH)
                for case, movie_ids in zip(cases, lists):
                    file.write(json.dumps({"user": case.user, "items": movie_ids.tolist()}) + "\n")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}.") from None
