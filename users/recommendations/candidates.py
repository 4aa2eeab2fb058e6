"""Which films may be answered at all, whatever the source: said once, for all of them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from movies.models import Movie, MovieGenre
from users.models import FavoriteMovie, HiddenMovie, Rating, User, WatchedMovie, Watchlist

DEALT_WITH = (FavoriteMovie, WatchedMovie, Rating, HiddenMovie)


def allowed_films(
    *,
    user: User | None = None,
    exclude_watchlist: bool = True,
    exclude: Iterable[int] = (),
    genres: Iterable[int] = (),
) -> QuerySet[Movie]:
    """Return the films of all `genres` that the user has not dealt with, nor `exclude` names."""
    films = Movie.objects.filter(gone_at=None)
    if user:
        lists = (*DEALT_WITH, Watchlist) if exclude_watchlist else DEALT_WITH
        for entries in lists:
            films = films.exclude(Exists(entries.objects.filter(user=user, movie=OuterRef("pk"))))
    if exclude:
        films = films.exclude(pk__in=exclude)
    for genre in genres:
        has_it = MovieGenre.objects.filter(movie=OuterRef("pk"), genre=genre)
        films = films.filter(Exists(has_it))
    return films


def has_one(genres: Iterable[int] | Subquery) -> Exists:
    """Return the SQL condition that a film has one of these genres."""
    return Exists(MovieGenre.objects.filter(movie=OuterRef("pk"), genre__in=genres))
