"""The training data: the site's own favorites and ratings, and optionally a public dataset."""

from array import array
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from users.models import FavoriteMovie, Rating
from users.recommendations.feedback import LIKED_RATING

CHUNK_SIZE = 20_000  # rows read from the database at a time
MIN_SUPPORT = 3  # likes that a movie needs; fewer teach nothing
MIN_MOVIES, MIN_USERS = 20, 10
# When the site has this many likes, a user of the public dataset weighs half as much as its own.
HALF_WEIGHT_AT = 50_000


class TooLittleData(Exception):
    """There is too little training data for a model."""


class Interactions:
    """Pairs of a user and a movie that they like, in 8 bytes for each pair.

    Users and movies are numbered from 0 in the order in which they are added; each of them takes
    another 100 bytes or so.
    """

    def __init__(self) -> None:
        self._users, self._movies = array("i"), array("i")
        self._user_numbers: dict[Hashable, int] = {}
        self._movie_numbers: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._users)

    def clear(self) -> None:
        """Remove the pairs, but keep the numbers."""
        self._users, self._movies = array("i"), array("i")

    def add(self, user: Hashable, movie_id: int) -> None:
        self._users.append(self._user_numbers.setdefault(user, len(self._user_numbers)))
        self._movies.append(self._movie_numbers.setdefault(movie_id, len(self._movie_numbers)))

    @property
    def users(self) -> NDArray[np.int32]:
        """The user's number in each pair, without a copy."""
        return np.asarray(self._users)

    @property
    def movies(self) -> NDArray[np.int32]:
        """The movie's number in each pair, without a copy."""
        return np.asarray(self._movies)

    @property
    def user_count(self) -> int:
        return len(self._user_numbers)

    @property
    def movie_ids(self) -> NDArray[np.int64]:
        """The movies' ids, by number."""
        return np.fromiter(self._movie_numbers, np.int64, len(self._movie_numbers))


@dataclass
class InteractionMatrix:
    """A matrix of users by movies that holds 0 and 1 as float32.

    `weights` are the users' weights, and `movie_ids` the ids of the columns, ascending.
    """

    X: sp.csc_matrix
    weights: NDArray[np.float64]
    movie_ids: NDArray[np.int64]
    # Movies with enough support that exceeded the limit. They have the least support of all.
    left_out: int = 0

    @property
    def interactions(self) -> int:
        return self.X.nnz


def site_likes() -> Interactions:
    """Read the site's favorites, and its ratings of LIKED_RATING or more, in chunks."""
    likes = Interactions()
    favorites = FavoriteMovie.objects.filter(user=OuterRef("user"), movie=OuterRef("movie"))
    rated = Rating.objects.filter(~Exists(favorites), rating__gte=LIKED_RATING)
    for rows in (FavoriteMovie.objects.all(), rated):
        last = 0
        found = rows.order_by("pk").values_list("pk", "user_id", "movie_id")
        while chunk := list(found.filter(pk__gt=last)[:CHUNK_SIZE]):
            for last, user, movie_id in chunk:
                likes.add(user, movie_id)
    return likes


def public_user_weight(like_count: int) -> float:
    """Return the weight of a user of a public dataset, when the site has this many likes."""
    return HALF_WEIGHT_AT / (HALF_WEIGHT_AT + like_count)


def build_matrix(
    likes: Interactions,
    weights: NDArray[np.float64] | None = None,
    *,
    known_movies: NDArray[np.int64] | None = None,
    min_support: int = MIN_SUPPORT,
    max_movies: int = 20_000,
) -> InteractionMatrix:
    """Return the matrix of the movies with `min_support` likes and users with two of them.

    `weights` are the users' weights by number, 1 by default. Only `known_movies` are used, if
    given, and at most the `max_movies` with the most support. The pairs are removed from `likes`,
    so that memory never holds them twice.

    Raises TooLittleData.
    """
    X, movie_ids = count_matrix(likes), likes.movie_ids
    likes.clear()
    weights = np.ones(X.shape[0]) if weights is None else weights
    support = np.diff(X.indptr)
    is_wanted = support >= min_support
    if known_movies is not None:
        is_wanted &= np.isin(movie_ids, known_movies)
    wanted = np.flatnonzero(is_wanted)
    left_out = max(0, len(wanted) - max_movies)
    if left_out:
        wanted = wanted[np.lexsort((movie_ids[wanted], -support[wanted]))[:max_movies]]
    wanted = wanted[np.argsort(movie_ids[wanted])]
    X, movie_ids = X[:, wanted], movie_ids[wanted]
    users_left = np.flatnonzero(np.bincount(X.indices, minlength=X.shape[0]) >= 2)
    X, weights = X[users_left], weights[users_left]
    # Drop movies that lost all their users in the previous step. Those that only fell below
    # `min_support` are kept.
    liked = np.flatnonzero(np.diff(X.indptr) > 0)
    X, movie_ids = X[:, liked], movie_ids[liked]
    if X.shape[0] < MIN_USERS or X.shape[1] < MIN_MOVIES:
        raise TooLittleData(
            f"{X.shape[0]} users like at least two movies, and {X.shape[1]} movies have at least"
            f" {min_support} likes. A model needs {MIN_USERS} users and {MIN_MOVIES} movies."
        )
    # A user may have rated a movie twice, which counts as one like.
    ones = np.ones(X.nnz, np.float32)
    X = sp.csc_matrix((ones, X.indices, X.indptr), X.shape)
    return InteractionMatrix(X, weights, movie_ids, left_out)


def count_matrix(likes: Interactions) -> sp.csc_matrix:
    """Return the number of likes of each user for each movie, in bytes to save memory."""
    shape = likes.user_count, len(likes.movie_ids)
    pairs = np.ones(len(likes), np.int8), (likes.users, likes.movies)
    return sp.coo_matrix(pairs, shape).tocsc()
