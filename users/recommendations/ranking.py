"""Rank movies with the item-item model, in SQL.

The user's feedback is multiplied with the model when it is needed (fold-in, Steck 2019,
https://arxiv.org/abs/1905.03375), so a favorite added a second ago counts. The table of
neighbours is read through its primary key, once for each movie that is folded in.
"""

from collections import defaultdict
from collections.abc import Collection, Set
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from movies.models import Movie, MovieGenre

from .feedback import Feedback
from .formula import TOP_BY_BIAS, Mix, mix
from .models import FilmScalars, ItemModel, Neighbour
from .recommendation import MAX_REASONS

# PostgreSQL neither moves conditions into a subquery with an offset nor turns it into a join.
FENCE = "LIMIT 2147483647 OFFSET 0"


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
    model: ItemModel,
    feedback: list[Feedback],
    allowed: QuerySet[Movie],
    limit: int,
    genres: Collection[int] = (),
) -> list[RankedMovie]:
    """Return the `limit` allowed movies of highest score, in one query.

    `genres` are those that all allowed movies have. They are looked up first, which takes a tenth
    of the time of all other conditions.
    """
    if not feedback:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*ranking_query(model, feedback, allowed, limit, genres))
        return [RankedMovie(*row) for row in cursor.fetchall()]


def ranking_query(
    model: ItemModel,
    feedback: list[Feedback],
    allowed: QuerySet[Movie],
    limit: int,
    genres: Collection[int] = (),
) -> tuple[str, list[int]]:
    """Return the SQL of `ranked_movies` and its parameters.

    The candidates are sorted first. Whether they are allowed is looked up one by one, best first,
    until there are enough.
    """
    factors = mix([each.weight for each in feedback])
    scored, scored_parameters = neighbour_scores(model, feedback, factors)
    is_allowed = allowed.filter(pk=RawSQL("candidate.movie_id", [])).order_by().values("pk")
    allowed_sql, allowed_parameters = is_allowed.query.sql_with_params()
    has_genre = f"""
        EXISTS (
            SELECT 1 FROM {MovieGenre._meta.db_table}
            WHERE movie_id = candidate.movie_id AND genre_id = %s {FENCE}
        ) AND
    """
    has_genres = has_genre * len(genres)
    biases = FilmScalars._meta.db_table
    popularity_score = f"{sql_double(factors.short)} * (bias.b + {sql_double(factors.n)} * bias.c)"
    query = f"""
        SELECT movie_id, popularity_score, neighbour_score
        FROM (
            SELECT movie_id, popularity_score, neighbour_score,
                popularity_score + neighbour_score AS score
            FROM (
                SELECT bias.film_id AS movie_id, {popularity_score} AS popularity_score,
                    COALESCE(scored.neighbour_score, 0) AS neighbour_score
                FROM {biases} AS bias
                LEFT JOIN ({scored}) AS scored ON scored.movie_id = bias.film_id
                WHERE bias.model_id = %s AND (
                    scored.movie_id IS NOT NULL
                    OR bias.film_id IN (
                        SELECT film_id FROM {biases}
                        WHERE model_id = %s ORDER BY b DESC LIMIT {TOP_BY_BIAS}
                    )
                )
            ) AS parts
            ORDER BY score DESC, movie_id {FENCE}
        ) AS candidate
        WHERE {has_genres} EXISTS ({allowed_sql} {FENCE})
        ORDER BY score DESC, movie_id
        LIMIT %s
    """
    parameters = [model.pk, model.pk, *genres, *allowed_parameters, limit]
    return query, [*scored_parameters, *parameters]


def neighbour_scores(
    model: ItemModel, feedback: list[Feedback], factors: Mix
) -> tuple[str, list[int]]:
    """Return the SQL of what the feedback adds to each neighbour, and its parameters.

    Feedback of the same weight is summed together, as integers: this takes half as long, and does
    not depend on the order of the rows.
    """
    by_weight: defaultdict[float, list[int]] = defaultdict(list)
    for each in feedback:
        by_weight[each.weight].append(each.movie_id)
    sums: list[str] = []
    parameters: list[int] = []
    for weight, movie_ids in by_weight.items():
        score = f"{sql_double(weight)} * {mixed_sql(factors, 'SUM(s)', 'SUM(l)')}"
        sums.append(f"""
            SELECT other AS movie_id, {score} AS neighbour_score
            FROM {Neighbour._meta.db_table}
            WHERE model = %s AND film IN ({placeholders(movie_ids)}) GROUP BY other
        """)
        parameters += [model.pk, *movie_ids]
    if len(sums) == 1:
        return sums[0], parameters
    return (
        "SELECT movie_id, SUM(neighbour_score) AS neighbour_score"
        f" FROM ({' UNION ALL '.join(sums)}) AS summed GROUP BY movie_id",
        parameters,
    )


def reasons_for(
    model: ItemModel, feedback: list[Feedback], movie_ids: list[int]
) -> dict[int, list[Feedback]]:
    """Return, for each of `movie_ids`, the feedback that adds most to its score, in one query.

    Movies to which no feedback adds anything are left out.
    """
    if not feedback or not movie_ids:
        return {}
    by_id = {each.movie_id: each for each in feedback}
    score = mixed_sql(mix([each.weight for each in feedback]), "s", "l")
    # Without the addition, the database might look up each pair of movies on its own.
    query = f"""
        SELECT other, film, {score} FROM {Neighbour._meta.db_table}
        WHERE model = %s AND film IN ({placeholders(by_id)})
            AND other + 0 IN ({placeholders(movie_ids)}) AND {score} > 0
    """
    scored: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(query, [model.pk, *by_id, *movie_ids])
        for movie_id, favorite_id, score in cursor.fetchall():
            scored[movie_id].append((-score * by_id[favorite_id].weight, favorite_id))
    return {
        movie_id: [
            by_id[favorite] for _, favorite in sorted(of_movie) if by_id[favorite].is_reason
        ][:MAX_REASONS]
        for movie_id, of_movie in scored.items()
    }


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


def mixed_sql(factors: Mix, short: str, long: str) -> str:
    """Return the SQL that mixes stored values of the short and the long model.

    A model with a factor of 0 is left out. Its sums would take as long as the other's.
    """
    parts = [(factors.short, short), (factors.long, long)]
    scaled = [
        f"{sql_double(factor / Neighbour.SCALE)} * {values}" for factor, values in parts if factor
    ]
    return f"({' + '.join(scaled)})"


def sql_double(number: float) -> str:
    """Return a number as an SQL literal. Never pass a client's value."""
    return f"CAST({number!r} AS double precision)"


def placeholders(values: Collection[int]) -> str:
    """Return a placeholder for each value, separated by commas."""
    return ", ".join(["%s"] * len(values))
