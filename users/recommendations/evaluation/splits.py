"""Hold users out of the training data, and hide some of their favorites.

This is strong generalization (Marlin 2004; Liang et al. 2018, https://arxiv.org/abs/1802.05814):
the model is never trained on the users that it is evaluated on. Some of their favorites are
folded in, and the model must find the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from users.recommendations.feedback import MAX_FEEDBACK
from users.recommendations.learning.datasets import LIKED_STARS, BadFile, read_ratings
from users.recommendations.learning.interactions import Interactions

MIN_FAVORITES = 5  # users with fewer are ignored
FOLDS = 5  # each user is held out in one of them
VISIBLE_SHARE = 0.8  # of a held-out user's favorites
# Rows with a number of favorites only use users with at least this many visible ones, so that all
# of these rows compare the same users.
MIN_VISIBLE = 20
MAX_LIGHT = 19  # favorites of a light user
ALL_VISIBLE_ROWS = ("all", "light")  # rows in which all visible favorites are folded in

Histories = dict[int, NDArray[np.int64]]  # each user's favorites, oldest first


@dataclass(frozen=True)
class HeldOutUser:
    user: int
    visible: NDArray[np.int64]
    hidden: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.visible) + len(self.hidden)


@dataclass(frozen=True)
class Case:
    """One test of the model: movies to fold in, movies to leave out, and movies to find."""

    user: int | str
    folded_in: NDArray[np.int64]
    excluded: NDArray[np.int64]
    hidden: NDArray[np.int64]


def read_histories(path: Path, *, needs_times: bool = False) -> Histories:
    """Read the favorites of the users who have at least MIN_FAVORITES.

    Repeated ratings of a movie count once. Raises BadFile, also if `needs_times` and the file has
    no times.
    """
    favorites: dict[int, dict[int, int]] = {}
    for user, movie_id, stars, time in read_ratings(path):
        if needs_times and time is None:
            raise BadFile(f"{path} has no times, so the last favorite of a user is unknown.")
        if stars >= LIKED_STARS:
            favorites.setdefault(user, {})[movie_id] = time or 0
    return {
        user: np.array(sorted(times, key=times.__getitem__), np.int64)
        for user, times in sorted(favorites.items())
        if len(times) >= MIN_FAVORITES
    }


def interactions(favorites: Histories) -> Interactions:
    """Return histories as training data."""
    likes = Interactions()
    for user, movie_ids in favorites.items():
        for movie_id in movie_ids.tolist():
            likes.add(user, movie_id)
    return likes


def folds(
    favorites: Histories, count: int, seed: int, *, last: bool = False
) -> Iterator[tuple[Histories, list[HeldOutUser]]]:
    """Yield the first `count` of FOLDS folds, as (training users, held-out users).

    `last` hides each user's last favorite instead of a random part.
    """
    random = np.random.default_rng(seed)
    users = random.permutation(list(favorites))
    for part in np.array_split(users, FOLDS)[:count]:
        outside = sorted(part.tolist())
        held_out = [split_history(user, favorites[user], random, last=last) for user in outside]
        training = favorites.keys() - set(outside)
        yield {user: favorites[user] for user in sorted(training)}, held_out


def split_history(
    user: int, movie_ids: NDArray[np.int64], random: np.random.Generator, *, last: bool
) -> HeldOutUser:
    """Hide a random part of a user's favorites, or only the last one."""
    is_hidden = np.zeros(len(movie_ids), bool)
    if last:
        is_hidden[-1] = True
    else:
        hidden = len(movie_ids) - round(VISIBLE_SHARE * len(movie_ids))
        is_hidden[random.choice(len(movie_ids), hidden, replace=False)] = True
    return HeldOutUser(user, movie_ids[~is_hidden], movie_ids[is_hidden])


def cases(held_out: list[HeldOutUser], row: str, seed: int) -> list[Case]:
    """Return the cases of a row: `all`, `light`, or a number of favorites to fold in.

    All visible favorites are excluded from the answers, even if only some are folded in.
    """
    if row == "all":
        return [case_of(each, each.visible) for each in held_out]
    if row == "light":
        return [case_of(each, each.visible) for each in held_out if len(each) <= MAX_LIGHT]
    count = int(row)
    random = np.random.default_rng([seed, count])
    enough = [each for each in held_out if len(each.visible) >= max(MIN_VISIBLE, count)]
    return [case_of(each, random.choice(each.visible, count, replace=False)) for each in enough]


def case_of(user: HeldOutUser, folded_in: NDArray[np.int64]) -> Case:
    """Fold in the newest MAX_FEEDBACK of these favorites, as a request would."""
    return Case(user.user, folded_in[-MAX_FEEDBACK:], user.visible, user.hidden)
