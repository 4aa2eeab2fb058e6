"""What a user's lists say: the films that are folded in, and how much each counts."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from movies.models import Movie
from users.models import FavoriteMovie, HiddenMovie, Rating, User, WatchedMovie, Watchlist

from .models import FilmScalars, ItemModel

LIKED_RATING = 8  # of 10
LOW_RATING = 5  # up to here a film is never given as a reason
# How much a film counts by what was done with it; the most of several. A hidden film counts
# nothing. A low rating is no dislike: people watch, and rate, what is near to their taste.
LIKED, RATED, WATCHED, WANTED = 1.0, 0.3, 0.3, 0.2
# Beyond 200 more still help: measured with evaluate_recommender on users who have that many.
MOST = 400


@dataclass(frozen=True)
class Signal:
    """A film that says something of its user's taste."""

    film: int
    title: str
    weight: float
    # Whether it may be named as a reason: not what was rated low.
    is_reason: bool
    # Whether the model knows it.
    is_known: bool


SAID = f"""
SELECT film, title, weight, low, known
FROM (
SELECT said.film, movie.title, MAX(said.weight) AS weight, MAX(said.low) AS low,
    COUNT(scalars.film_id) AS known, MAX(said.added_at) AS added_at
FROM (
    SELECT movie_id AS film, {LIKED} AS weight, 0 AS low, added_at
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
) AS said
JOIN {Movie._meta.db_table} AS movie ON movie.id = said.film
LEFT JOIN {FilmScalars._meta.db_table} AS scalars
    ON scalars.model_id = %(model)s AND scalars.film_id = said.film
WHERE NOT EXISTS (
    SELECT 1 FROM {HiddenMovie._meta.db_table} AS hidden
    WHERE hidden.user_id = %(user)s AND hidden.movie_id = said.film
)
GROUP BY said.film, movie.title
ORDER BY known DESC, weight DESC, added_at DESC, film
LIMIT {MOST}
) AS kept
ORDER BY weight DESC, added_at DESC, film
"""


def signals_of(user: User, model: ItemModel | None) -> list[Signal]:
    """Return the user's strongest and newest signals, in one query.

    Where there are more than MOST, those that the model knows come before others.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"user": user.pk, "model": model.pk if model else 0})
        return [
            Signal(film, title, float(weight), is_reason=not low, is_known=bool(known))
            for film, title, weight, low, known in cursor.fetchall()
        ]


def picked(movie_ids: list[int], model: ItemModel | None) -> list[Signal]:
    """Return the signals of a visitor who has picked films, in one query."""
    in_model = FilmScalars.objects.filter(model=model, film=OuterRef("pk"))
    rows = Movie.objects.filter(pk__in=movie_ids).values_list("pk", "title", Exists(in_model))
    found = {row[0]: Signal(row[0], row[1], LIKED, True, row[2]) for row in rows}
    return [found[film] for film in dict.fromkeys(movie_ids) if film in found]
