"""A user's feedback: the movies on their lists, and how much each one counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from movies.models import Movie
from users.models import FavoriteMovie, HiddenMovie, Rating, User, WatchedMovie, Watchlist

from .models import FilmScalars, ItemModel

LIKED_RATING = 8  # out of 10
LOW_RATING = 5  # movies rated this low or lower are never given as a reason
# A movie on several lists counts with its highest weight, and a hidden movie not at all. A low
# rating still counts: people watch and rate movies close to their taste.
LIKED, RATED, WATCHED, WANTED = 1.0, 0.3, 0.3, 0.2
# evaluate_recommender still measures gains beyond 200 movies for users who have that many.
MAX_FEEDBACK = 400


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


QUERY = f"""
SELECT movie_id, title, weight, is_low, in_model
FROM (
SELECT entry.movie_id, movie.title, MAX(entry.weight) AS weight, MAX(entry.is_low) AS is_low,
    COUNT(bias.film_id) AS in_model, MAX(entry.added_at) AS added_at
FROM (
    SELECT movie_id, {LIKED} AS weight, 0 AS is_low, added_at
    FROM {FavoriteMovie._meta.db_table} WHERE user_id = %(user)s
    UNION ALL
    SELECT movie_id, CASE WHEN rating >= {LIKED_RATING} THEN {LIKED} ELSE {RATED} END,
        CASE WHEN rating <= {LOW_RATING} THEN 1 ELSE 0 END, added_at
    FROM {Rating._meta.db_table} WHERE user_id = %(user)s
    UNION ALL
    SELECT movie_id, {WATCHED}, 0, added_at
    FROM {WatchedMovie._meta.db_table} WHERE user_id = %(user)s
    UNION ALL
    SELECT movie_id, {WANTED}, 0, added_at
    FROM {Watchlist._meta.db_table} WHERE user_id = %(user)s
) AS entry
JOIN {Movie._meta.db_table} AS movie ON movie.id = entry.movie_id
LEFT JOIN {FilmScalars._meta.db_table} AS bias
    ON bias.model_id = %(model)s AND bias.film_id = entry.movie_id
WHERE NOT EXISTS (
    SELECT 1 FROM {HiddenMovie._meta.db_table} AS hidden
    WHERE hidden.user_id = %(user)s AND hidden.movie_id = entry.movie_id
)
GROUP BY entry.movie_id, movie.title
ORDER BY in_model DESC, weight DESC, added_at DESC, movie_id
LIMIT %(limit)s
) AS kept
ORDER BY weight DESC, added_at DESC, movie_id
"""


def feedback_of(user: User, model: ItemModel | None) -> list[Feedback]:
    """Return the user's feedback, strongest and newest first, in one query.

    At most MAX_FEEDBACK movies are returned; movies that the model knows take precedence.
    """
    parameters = {"user": user.pk, "model": model.pk if model else 0, "limit": MAX_FEEDBACK}
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
