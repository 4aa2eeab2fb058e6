"""A user's feedback: the movies on their lists, and how much each one counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from movies.models import Movie
from users.models import Entry, FavoriteMovie, HiddenMovie, Rating, User, WatchedMovie, Watchlist

from .models import FilmScalars, ItemModel

LIKED_RATING = 8  # out of 10
LOW_RATING = 5  # movies rated this low or lower are never given as a reason
# A movie on several lists counts with its highest weight, and a hidden movie not at all. A low
# rating still counts: people watch and rate movies close to their taste.
LIKED, RATED, WATCHED, WANTED = 1.0, 0.3, 0.3, 0.2
# evaluate_recommender still measures gains beyond 200 movies for users who have that many.
MAX_FEEDBACK = 400
# The newest entries that are read of each list. Older entries of longer lists do not count.
MAX_ENTRIES = 5000


@dataclass(frozen=True)
class Feedback:
    """One movie's feedback from a user or visitor."""

    movie_id: int
    title: str
    weight: float
    # Whether the movie may be given as a reason: not if it was rated low.
    is_reason: bool
    # Whether the item-item model knows the movie.
    in_model: bool


def newest(entries: type[Entry], weight: str, is_low: str = "0") -> str:
    """Return the SQL of the newest entries of a list, as (movie_id, weight, is_low, added_at)."""
    return f"""
        SELECT * FROM (
            SELECT movie_id, {weight} AS weight, {is_low} AS is_low, added_at
            FROM {entries._meta.db_table} WHERE user_id = %(user)s
            ORDER BY added_at DESC, movie_id DESC LIMIT %(newest)s
        ) AS {entries._meta.model_name}
    """


RATING_WEIGHT = f"CASE WHEN rating >= {LIKED_RATING} THEN {LIKED} ELSE {RATED} END"
ENTRIES = " UNION ALL ".join(
    [
        newest(FavoriteMovie, str(LIKED)),
        newest(Rating, RATING_WEIGHT, f"CASE WHEN rating <= {LOW_RATING} THEN 1 ELSE 0 END"),
        newest(WatchedMovie, str(WATCHED)),
        newest(Watchlist, str(WANTED)),
    ]
)
QUERY = f"""
SELECT kept.movie_id, movie.title, weight, is_low, in_model
FROM (
    SELECT counted.*, CASE WHEN bias.film_id IS NULL THEN 0 ELSE 1 END AS in_model
    FROM (
        SELECT movie_id, MAX(weight) AS weight, MAX(is_low) AS is_low, MAX(added_at) AS added_at
        FROM ({ENTRIES}) AS entry GROUP BY movie_id
    ) AS counted
    LEFT JOIN {FilmScalars._meta.db_table} AS bias
        ON bias.model_id = %(model)s AND bias.film_id = counted.movie_id
    WHERE NOT EXISTS (
        SELECT 1 FROM {HiddenMovie._meta.db_table} AS hidden
        WHERE hidden.user_id = %(user)s AND hidden.movie_id = counted.movie_id
    )
    ORDER BY in_model DESC, weight DESC, added_at DESC, movie_id
    LIMIT %(limit)s
) AS kept
JOIN {Movie._meta.db_table} AS movie ON movie.id = kept.movie_id
ORDER BY weight DESC, added_at DESC, kept.movie_id
"""


def feedback_of(user: User, model: ItemModel | None) -> list[Feedback]:
    """Return the user's feedback, strongest and newest first, in one query.

    At most MAX_FEEDBACK movies are returned, of the MAX_ENTRIES newest entries of each list. Movies
    that the model knows take precedence.
    """
    parameters = {
        "user": user.pk,
        "model": model.pk if model else 0,
        "newest": MAX_ENTRIES,
        "limit": MAX_FEEDBACK,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        return [
            Feedback(movie_id, title, float(weight), is_reason=not low, in_model=bool(in_model))
            for movie_id, title, weight, low, in_model in cursor.fetchall()
        ]


def picked(movie_ids: Sequence[int], model: ItemModel | None) -> list[Feedback]:
    """Return a visitor's picks as feedback, each counting as a favorite, in one query.

    Movies that are not in the database are skipped.
    """
    in_model = FilmScalars.objects.filter(model=model, film=OuterRef("pk"))
    rows = Movie.objects.filter(pk__in=movie_ids).values_list("pk", "title", Exists(in_model))
    found = {row[0]: Feedback(row[0], row[1], LIKED, True, row[2]) for row in rows}
    return [found[movie_id] for movie_id in dict.fromkeys(movie_ids) if movie_id in found]
