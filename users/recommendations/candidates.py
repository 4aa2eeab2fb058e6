"""The movies that may be recommended at all, whatever the source."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from movies.models import Movie, MovieGenre
from users.models import FavoriteMovie, HiddenMovie, Rating, User, WatchedMovie, Watchlist

ALWAYS_EXCLUDED = (FavoriteMovie, WatchedMovie, Rating, HiddenMovie)


def allowed_movies(
    *,
    user: User | None = None,
    exclude_watchlist: bool = True,
    exclude: Iterable[int] = (),
    genres: Iterable[int] = (),
) -> QuerySet[Movie]:
    """Return the movies that may be recommended.

    They have all of `genres`, are not in `exclude`, and the user has not favorited, watched,
    rated or hidden them.
    """
    movies = Movie.objects.filter(gone_at=None)
    if user:
        lists = (*ALWAYS_EXCLUDED, Watchlist) if exclude_watchlist else ALWAYS_EXCLUDED
        for entries in lists:
            movies = movies.exclude(Exists(entries.objects.filter(user=user, movie=OuterRef("pk"))))
    if exclude:
        movies = movies.exclude(pk__in=exclude)
    for genre in genres:
        movies = movies.filter(has_any_genre([genre]))
    return movies


def has_any_genre(genres: Iterable[int] | Subquery) -> Exists:
    """Return the condition that a movie has at least one of `genres`."""
    return Exists(MovieGenre.objects.filter(movie=OuterRef("pk"), genre__in=genres))
