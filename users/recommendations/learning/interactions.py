"""What the model learns from: the site's own lists and, if the operator asks, a public set."""

from array import array
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from users.models import FavoriteMovie, Rating
from users.recommendations.signals import LIKED_RATING

from .datasets import Interactions

CHUNK = 20_000  # rows of the database at a time
MIN_SUPPORT = 3  # favorites that a film needs; with fewer there is nothing to learn
MIN_FILMS, MIN_USERS = 20, 10
# With as many likes of the site's own, a user of the public set weighs half of one of the site's.
HALF_WEIGHT_AT = 50_000


class TooLittle(Exception):
    """There are fewer interactions than a model can learn from."""


@dataclass
class Matrix:
    """Users by films, each 0 or 1, with the users' weights and the films' ids."""

    X: sp.csr_matrix
    weights: np.ndarray
    films: np.ndarray

    @property
    def interactions(self) -> int:
        return self.X.nnz


def own_likes() -> Interactions:
    """Read favorites and ratings of LIKED_RATING and more, in chunks."""
    users, films = array("q"), array("q")
    for rows in (FavoriteMovie.objects, Rating.objects.filter(rating__gte=LIKED_RATING)):
        last = 0
        found = rows.order_by("pk").values_list("pk", "user_id", "movie_id")
        while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
            for last, user, film in chunk:
                users.append(user)
                films.append(film)
    return Interactions(np.array(users, np.int64), np.array(films, np.int64))


def public_weight(own: int) -> float:
    """Return what a user of a public set weighs, beside one of a site with `own` likes."""
    return HALF_WEIGHT_AT / (HALF_WEIGHT_AT + own)


def matrix(
    own: Interactions,
    public: Interactions | None = None,
    *,
    known_films: np.ndarray | None = None,
    min_support: int = MIN_SUPPORT,
    max_films: int = 20_000,
) -> Matrix:
    """Make the matrix of the films with `min_support` likes and the users with two of those.

    Of more films than `max_films` the best supported are taken; `known_films` are the only ones
    that may be. Raises TooLittle.
    """
    parts = [own] if public is None else [own, public]
    films = np.concatenate([part.films for part in parts])
    users = np.concatenate([part.users for part in parts])
    is_public = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    if known_films is not None:
        known = np.isin(films, known_films)
        films, users, is_public = films[known], users[known], is_public[known]
    # Users of the two parts are others, whatever their numbers.
    _, row = np.unique(users * 2 + is_public, return_inverse=True)
    film_ids, column = np.unique(films, return_inverse=True)
    shape = (int(row.max(initial=-1)) + 1, len(film_ids))
    X = sp.csr_matrix((np.ones(len(row), np.float32), (row, column)), shape)
    # A favorite that is rated well is one like.
    X.data[:] = 1
    weights = np.ones(shape[0])
    weights[row[is_public == 1]] = public_weight(len(own))

    support = np.asarray(X.sum(0)).ravel()
    wanted = np.flatnonzero(support >= min_support)
    if len(wanted) > max_films:
        best = np.argsort(-support[wanted], kind="stable")[:max_films]
        wanted = np.sort(wanted[best])
    X, film_ids = X[:, wanted], film_ids[wanted]
    users_left = np.flatnonzero(np.diff(X.indptr) >= 2)
    X, weights = X[users_left], weights[users_left]
    # Whom a film has lost by that it may need: without anybody it is left out too.
    liked = np.flatnonzero(np.asarray(X.sum(0)).ravel() > 0)
    X, film_ids = X[:, liked].tocsr(), film_ids[liked]
    if X.shape[0] < MIN_USERS or X.shape[1] < MIN_FILMS:
        raise TooLittle(
            f"{X.shape[0]} users with two films and more, {X.shape[1]} films with {min_support}"
            f" likes and more: a model needs {MIN_USERS} and {MIN_FILMS}."
        )
    return Matrix(X, weights, film_ids)
