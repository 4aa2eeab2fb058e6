"""The movies that may be recommended at all, whatever the source."""

from collections.abc import Iterable

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet

from movies.models import Movie, MovieGenre
from users.models import Entry, FavoriteMovie, HiddenMovie, Rating, User, WatchedMovie, Watchlist

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
        lists: tuple[type[Entry], ...] = (
            (*ALWAYS_EXCLUDED, Watchlist) if exclude_watchlist else ALWAYS_EXCLUDED
        )
        movies = movies.exclude(is_on(lists, user))
    if exclude:
        movies = movies.exclude(pk__in=exclude)
    for genre in genres:
        # A join: from the number of the genre's movies, the database knows where to begin.
        movies = movies.filter(movie_genres__genre=genre)
    return movies


def is_on(lists: Iterable[type[Entry]], user: User) -> Func:
    """Return the condition that a movie is on at least one of the user's `lists`.

    A union is looked up for each movie. Conditions of their own would be joins, for which the
    database may read whole lists or all movies. Django would take a millisecond to make the SQL.
    """
    lookups = " UNION ALL ".join(
        f"SELECT 1 FROM {entries._meta.db_table}"
        f" WHERE user_id = {int(user.pk)} AND movie_id = %(expressions)s"
        for entries in lists
    )
    return Func(F("pk"), template=f"EXISTS ({lookups})", output_field=BooleanField())


def has_any_genre(genres: Iterable[int]) -> Exists:
    """Return the condition that a movie has at least one of `genres`."""
    return Exists(MovieGenre.objects.filter(movie=OuterRef("pk"), genre__in=genres))
