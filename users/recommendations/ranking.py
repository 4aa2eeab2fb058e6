"""Rank movies with the item-item model, in SQL.

The user's feedback is multiplied with the model when it is needed (fold-in, Steck 2019,
https://arxiv.org/abs/1905.03375), so a favorite added a second ago counts. The table of
neighbours is read through its primary key, once for each movie that is folded in.
"""

from collections.abc import Set
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from movies.models import Movie

from .feedback import Feedback
from .formula import TOP_BY_BIAS, Mix, mix
from .models import FilmScalars, ItemModel, Neighbour
from .recommendation import MAX_REASONS


@dataclass(frozen=True)
class RankedMovie:
    """A movie and the two parts of its score: from all users, and from the user's own feedback."""

    movie_id: int
    popularity_score: float
    neighbour_score: float

    @property
    def score(self) -> float:
        return self.popularity_score + self.neighbour_score


def ranked_movies(
    model: ItemModel, feedback: list[Feedback], allowed: QuerySet[Movie], limit: int
) -> list[RankedMovie]:
    """Return the `limit` allowed movies of highest score, in one query."""
    if not feedback:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*ranking_query(model, feedback, allowed, limit))
        return [RankedMovie(*row) for row in cursor.fetchall()]


def ranking_query(
    model: ItemModel, feedback: list[Feedback], allowed: QuerySet[Movie], limit: int
) -> tuple[str, list[int | float]]:
    """Return the SQL of `ranked_movies` and its parameters."""
    factors = mix([each.weight for each in feedback])
    seed, seed_parameters = seed_table(feedback)
    allowed_sql, allowed_parameters = allowed.order_by().values("pk").query.sql_with_params()
    biases = FilmScalars._meta.db_table
    popularity_score = f"{sql_double(factors.short)} * (bias.b + {sql_double(factors.n)} * bias.c)"
    # Favorites have weight 1, so their sums are of integers and do not depend on the rows' order.
    neighbour_score = mixed_sql(factors, "SUM(seed.weight * n.s)", "SUM(seed.weight * n.l)")
    query = f"""
        WITH {seed},
        scored AS (
            SELECT n.other AS movie_id, {neighbour_score} AS neighbour_score
            FROM seed JOIN {Neighbour._meta.db_table} AS n
                ON n.model = %s AND n.film = seed.movie_id
            GROUP BY n.other
        )
        SELECT bias.film_id, {popularity_score} AS popularity_score,
            COALESCE(scored.neighbour_score, 0) AS neighbour_score
        FROM {biases} AS bias LEFT JOIN scored ON scored.movie_id = bias.film_id
        WHERE bias.model_id = %s AND bias.film_id IN ({allowed_sql}) AND (
            scored.movie_id IS NOT NULL
            OR bias.film_id IN (
                SELECT film_id FROM {biases} WHERE model_id = %s ORDER BY b DESC LIMIT {TOP_BY_BIAS}
            )
        )
        ORDER BY {popularity_score} + COALESCE(scored.neighbour_score, 0) DESC, bias.film_id
        LIMIT %s
    """
    parameters = [*seed_parameters, model.pk, model.pk, *allowed_parameters, model.pk, limit]
    return query, parameters


def reasons_for(
    model: ItemModel, feedback: list[Feedback], movie_ids: list[int]
) -> dict[int, list[Feedback]]:
    """Return, for each of `movie_ids`, the feedback that adds most to its score, in one query.

    Movies to which no feedback adds anything are left out.
    """
    if not feedback or not movie_ids:
        return {}
    factors = mix([each.weight for each in feedback])
    seed, seed_parameters = seed_table(feedback)
    score = f"seed.weight * {mixed_sql(factors, 'n.s', 'n.l')}"
    placeholders = ", ".join("%s" for _ in movie_ids)
    query = f"""
        WITH {seed}
        SELECT n.other, n.film, {score} AS score
        FROM seed JOIN {Neighbour._meta.db_table} AS n
            ON n.model = %s AND n.film = seed.movie_id AND n.other IN ({placeholders})
        WHERE {score} > 0
        ORDER BY score DESC, n.film
    """
    allowed_reasons = {each.movie_id: each for each in feedback if each.is_reason}
    found: dict[int, list[Feedback]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, [*seed_parameters, model.pk, *movie_ids])
        for movie_id, favorite_id, _ in cursor.fetchall():
            reasons = found.setdefault(movie_id, [])
            if favorite_id in allowed_reasons and len(reasons) < MAX_REASONS:
                reasons.append(allowed_reasons[favorite_id])
    return found


def similarities_among(model: ItemModel, movie_ids: Set[int]) -> dict[tuple[int, int], float]:
    """Return the positive similarities of pairs of these movies in the long model.

    Each pair is listed in both orders, with the larger of its two values.
    """
    rows = Neighbour.objects.filter(
        model=model.pk, film__in=movie_ids, other__in=movie_ids, long__gt=0
    )
    found: dict[tuple[int, int], float] = {}
    for one, other, long in rows.values_list("film", "other", "long"):
        value = long / Neighbour.SCALE
        for pair in ((one, other), (other, one)):
            found[pair] = max(found.get(pair, 0.0), value)
    return found


def seed_table(feedback: list[Feedback]) -> tuple[str, list[int | float]]:
    """Return the feedback as a common table expression `seed (movie_id, weight)`."""
    # PostgreSQL types a VALUES list by its first row, and would take decimals as numeric.
    row = "(CAST(%s AS integer), CAST(%s AS double precision))"
    rows = ", ".join(row for _ in feedback)
    parameters: list[int | float] = []
    for each in feedback:
        parameters += [each.movie_id, each.weight]
    return f"seed (movie_id, weight) AS (VALUES {rows})", parameters


def mixed_sql(factors: Mix, short: str, long: str) -> str:
    """Return the SQL that mixes stored values of the short and the long model."""
    scale = Neighbour.SCALE
    return (
        f"({sql_double(factors.short / scale)} * {short}"
        f" + {sql_double(factors.long / scale)} * {long})"
    )


def sql_double(number: float) -> str:
    """Return a number as an SQL literal. Never pass a client's value."""
    return f"CAST({number!r} AS double precision)"
