"""Who is held out, what is shown of them, and what is hidden: strong generalisation.

(Marlin 2004; Liang et al. 2018, https://arxiv.org/abs/1802.05814.) Users who are asked about are
never trained on; a part of their favorites is folded in, and the rest is to be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from users.recommendations.learning.datasets import LIKED, BadFile, ratings
from users.recommendations.learning.interactions import Interactions
from users.recommendations.signals import MOST

FEWEST = 5  # favorites of a user who takes part
PARTS = 5  # of the users, each held out in one fold
VISIBLE = 0.8  # of a held-out user's favorites
# Users of the rows with few favorites have so many visible ones: all rows ask the same users.
ENOUGH = 20
LIGHT = 19  # favorites of a light user, at most
WHOLE = ("all", "light")  # rows in which all visible favorites are folded in

Histories = dict[int, np.ndarray]  # each user's favorites, the oldest first


@dataclass(frozen=True)
class HeldOut:
    user: int
    visible: np.ndarray
    hidden: np.ndarray

    def __len__(self) -> int:
        return len(self.visible) + len(self.hidden)


@dataclass(frozen=True)
class Case:
    """A user as the model is asked: films folded in, films not to be answered, films to find."""

    user: int | str
    folded: np.ndarray
    excluded: np.ndarray
    hidden: np.ndarray


def histories(path: Path, *, in_order: bool = False) -> Histories:
    """Read the favorites of the users with FEWEST and more.

    A film counts once. `in_order` insists on times. Raises BadFile.
    """
    found: dict[int, dict[int, int]] = {}
    for user, film, stars, when in ratings(path):
        if in_order and when is None:
            raise BadFile(f"{path} has no times, so that nothing in it is last.")
        if stars >= LIKED:
            found.setdefault(user, {})[film] = when or 0
    return {
        user: np.array(sorted(films, key=films.get), np.int64)
        for user, films in sorted(found.items())
        if len(films) >= FEWEST
    }


def interactions(favorites: Histories) -> Interactions:
    likes = Interactions()
    for user, films in favorites.items():
        for film in films.tolist():
            likes.add(user, film)
    return likes


def folds(
    favorites: Histories, many: int, seed: int, *, last: bool = False
) -> Iterator[tuple[Histories, list[HeldOut]]]:
    """Yield `many` of PARTS times (those to train on, those held out)."""
    random = np.random.default_rng(seed)
    users = random.permutation(list(favorites))
    for part in np.array_split(users, PARTS)[:many]:
        outside = sorted(part.tolist())
        held_out = [divided(user, favorites[user], random, last=last) for user in outside]
        inside = favorites.keys() - set(outside)
        yield {user: favorites[user] for user in sorted(inside)}, held_out


def divided(user: int, films: np.ndarray, random: np.random.Generator, *, last: bool) -> HeldOut:
    """Hide a random part of the films, or the last one alone."""
    is_hidden = np.zeros(len(films), bool)
    if last:
        is_hidden[-1] = True
    else:
        hidden = len(films) - round(VISIBLE * len(films))
        is_hidden[random.choice(len(films), hidden, replace=False)] = True
    return HeldOut(user, films[~is_hidden], films[is_hidden])


def cases(held_out: list[HeldOut], row: str, seed: int) -> list[Case]:
    """Return whom a row asks about: `all`, `light`, or a number of favorites folded in.

    Whatever is visible is excluded, also where only some of it is folded in.
    """
    if row == "all":
        return [case(each, each.visible) for each in held_out]
    if row == "light":
        return [case(each, each.visible) for each in held_out if len(each) <= LIGHT]
    many = int(row)
    random = np.random.default_rng([seed, many])
    enough = [each for each in held_out if len(each.visible) >= max(ENOUGH, many)]
    return [case(each, random.choice(each.visible, many, replace=False)) for each in enough]


def case(each: HeldOut, folded: np.ndarray) -> Case:
    """Fold in what would be at request time: the newest MOST."""
    return Case(each.user, folded[-MOST:], each.visible, each.hidden)
