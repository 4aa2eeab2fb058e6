"""What the model learns from: the site's own lists and, if the operator asks, a public set."""

from array import array
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from django.db.models import Exists, OuterRef

from users.models import FavoriteMovie, Rating
from users.recommendations.signals import LIKED_RATING

CHUNK = 20_000  # rows of the database at a time
MIN_SUPPORT = 3  # favorites that a film needs; with fewer there is nothing to learn
MIN_FILMS, MIN_USERS = 20, 10
# With as many likes of the site's own, a user of the public set weighs half of one of the site's.
HALF_WEIGHT_AT = 50_000


class TooLittle(Exception):
    """There are fewer interactions than a model can learn from."""


class Interactions:
    """Who likes which film: pairs of numbers, 8 bytes a pair.

    Users and films are numbered from 0 on as they come; that takes some 100 bytes each.
    """

    def __init__(self):
        self._users, self._films = array("i"), array("i")
        self._user_numbers: dict[Hashable, int] = {}
        self._film_numbers: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._users)

    def clear(self) -> None:
        """Forget the pairs, not the numbers."""
        self._users, self._films = array("i"), array("i")

    def add(self, user: Hashable, film: int) -> None:
        self._users.append(self._user_numbers.setdefault(user, len(self._user_numbers)))
        self._films.append(self._film_numbers.setdefault(film, len(self._film_numbers)))

    @property
    def users(self) -> np.ndarray:
        """The users' numbers, a pair each; not a copy."""
        return np.asarray(self._users)

    @property
    def films(self) -> np.ndarray:
        """The films' numbers, a pair each; not a copy."""
        return np.asarray(self._films)

    @property
    def many_users(self) -> int:
        return len(self._user_numbers)

    @property
    def film_ids(self) -> np.ndarray:
        """The films' ids, in the order of their numbers."""
        return np.fromiter(self._film_numbers, np.int64, len(self._film_numbers))


@dataclass
class Matrix:
    """Users by films, each 0 or 1, with the users' weights and the films' ids, ascending."""

    X: sp.csc_matrix
    weights: np.ndarray
    films: np.ndarray

    @property
    def interactions(self) -> int:
        return self.X.nnz


def own_likes() -> Interactions:
    """Read favorites and ratings of LIKED_RATING and more, in chunks."""
    likes = Interactions()
    as_well = FavoriteMovie.objects.filter(user=OuterRef("user"), movie=OuterRef("movie"))
    rated = Rating.objects.filter(~Exists(as_well), rating__gte=LIKED_RATING)
    for rows in (FavoriteMovie.objects, rated):
        last = 0
        found = rows.order_by("pk").values_list("pk", "user_id", "movie_id")
        while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
            for last, user, film in chunk:
                likes.add(user, film)
    return likes


def public_weight(own: int) -> float:
    """Return what a user of a public set weighs, beside one of a site with `own` likes."""
    return HALF_WEIGHT_AT / (HALF_WEIGHT_AT + own)


def matrix(
    likes: Interactions,
    weights: np.ndarray | None = None,
    *,
    known_films: np.ndarray | None = None,
    min_support: int = MIN_SUPPORT,
    max_films: int = 20_000,
) -> Matrix:
    """Make the matrix of the films with `min_support` likes and the users with two of those.

    Takes the pairs out of `likes`, so that they are in memory once.
    `weights` are the users', by their numbers. Of more films than `max_films` the best supported
    are taken; `known_films` are the only ones that may be. Raises TooLittle.
    """
    X, film_ids = binary(likes), likes.film_ids
    likes.clear()
    weights = np.ones(X.shape[0]) if weights is None else weights
    support = np.diff(X.indptr)
    is_wanted = support >= min_support
    if known_films is not None:
        is_wanted &= np.isin(film_ids, known_films)
    wanted = np.flatnonzero(is_wanted)
    if len(wanted) > max_films:
        wanted = wanted[np.lexsort((film_ids[wanted], -support[wanted]))[:max_films]]
    wanted = wanted[np.argsort(film_ids[wanted])]
    X, film_ids = X[:, wanted], film_ids[wanted]
    users_left = np.flatnonzero(np.bincount(X.indices, minlength=X.shape[0]) >= 2)
    X, weights = X[users_left], weights[users_left]
    # Whom a film has lost by that it may need: without anybody it is left out too.
    liked = np.flatnonzero(np.diff(X.indptr) > 0)
    X, film_ids = X[:, liked], film_ids[liked]
    if X.shape[0] < MIN_USERS or X.shape[1] < MIN_FILMS:
        raise TooLittle(
            f"{X.shape[0]} users with two films and more, {X.shape[1]} films with {min_support}"
            f" likes and more: a model needs {MIN_USERS} and {MIN_FILMS}."
        )
    # Somebody may have rated a film twice: that is one like.
    ones = np.ones(X.nnz, np.float32)
    return Matrix(sp.csc_matrix((ones, X.indices, X.indptr), X.shape), weights, film_ids)


def binary(likes: Interactions) -> sp.csc_matrix:
    """Return all users by all films, how often there is a like, in bytes to be small."""
    shape = likes.many_users, len(likes.film_ids)
    pairs = np.ones(len(likes), np.int8), (likes.users, likes.films)
    return sp.coo_matrix(pairs, shape).tocsc()
