"""The item-item model's answer, in SQL: the user's films folded in, whatever is new a second ago.

(Steck 2019 calls it fold-in: a user's row of the matrix is multiplied with the model.) The table
of neighbours is read through its key, once for each film that is folded in.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from movies.models import Movie

from .formula import BEST, Mix, mix
from .models import FilmScalars, ItemModel, Neighbour
from .signals import Signal

REASONS = 3  # films named as reasons, at most


@dataclass(frozen=True)
class Ranked:
    """A film, and its score's two parts: what all users and what the user's own films say."""

    film: int
    of_all: float
    of_own: float


def placeholders(values: Iterable) -> str:
    return ", ".join("%s" for _ in values)


def seeds(signals: list[Signal]) -> tuple[str, list]:
    """Return the films that are folded in as a table `seed (film, weight)`."""
    # PostgreSQL takes the types of a VALUES list from its first row, and decimals as numeric.
    row = "(CAST(%s AS integer), CAST(%s AS double precision))"
    rows = ", ".join(row for _ in signals)
    parameters = [value for each in signals for value in (each.film, each.weight)]
    return f"seed (film, weight) AS (VALUES {rows})", parameters


def double(number: float) -> str:
    """Write a number of ours, none of a client's, into SQL."""
    return f"CAST({number!r} AS double precision)"


def folded(mixed: Mix, short: str, long: str) -> str:
    """Return what rows of the neighbours, by their values or by sums of them, add to a score."""
    scale = Neighbour.SCALE
    return f"({double(mixed.short / scale)} * {short} + {double(mixed.long / scale)} * {long})"


def ranking_query(
    model: ItemModel, signals: list[Signal], allowed: QuerySet[Movie], limit: int
) -> tuple[str, list]:
    mixed = mix([each.weight for each in signals])
    table, parameters = seeds(signals)
    films, more = allowed.order_by().values("pk").query.sql_with_params()
    scalars = FilmScalars._meta.db_table
    of_all = f"{double(mixed.short)} * (f.b + {double(mixed.n)} * f.c)"
    # Favorites, of weight 1, add up whole numbers: the order of the rows makes no difference.
    of_own = folded(mixed, "SUM(seed.weight * n.s)", "SUM(seed.weight * n.l)")
    query = f"""
        WITH {table},
        told AS (
            SELECT n.other AS film, {of_own} AS of_own
            FROM seed JOIN {Neighbour._meta.db_table} AS n ON n.model = %s AND n.film = seed.film
            GROUP BY n.other
        )
        SELECT f.film_id, {of_all} AS of_all, COALESCE(told.of_own, 0) AS of_own
        FROM {scalars} AS f LEFT JOIN told ON told.film = f.film_id
        WHERE f.model_id = %s AND f.film_id IN ({films}) AND (
            told.film IS NOT NULL
            OR f.film_id IN (
                SELECT film_id FROM {scalars} WHERE model_id = %s ORDER BY b DESC LIMIT {BEST}
            )
        )
        ORDER BY {of_all} + COALESCE(told.of_own, 0) DESC, f.film_id
        LIMIT %s
    """
    return query, [*parameters, model.pk, model.pk, *more, model.pk, limit]


def ranked(
    model: ItemModel, signals: list[Signal], allowed: QuerySet[Movie], limit: int
) -> list[Ranked]:
    """Return the best films, in one query."""
    if not signals:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*ranking_query(model, signals, allowed, limit))
        return [Ranked(*row) for row in cursor.fetchall()]


def reasons(model: ItemModel, signals: list[Signal], films: list[int]) -> dict[int, list[Signal]]:
    """Return which of the user's films speak for each of `films`, in one query.

    Films that none of them speaks for are left out.
    """
    if not signals or not films:
        return {}
    mixed = mix([each.weight for each in signals])
    table, parameters = seeds(signals)
    score = f"seed.weight * {folded(mixed, 'n.s', 'n.l')}"
    query = f"""
        WITH {table}
        SELECT n.other, n.film, {score} AS score
        FROM seed JOIN {Neighbour._meta.db_table} AS n
            ON n.model = %s AND n.film = seed.film AND n.other IN ({placeholders(films)})
        WHERE {score} > 0
        ORDER BY score DESC, n.film
    """
    by_film = {each.film: each for each in signals if each.is_reason}
    found: dict[int, list[Signal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, [*parameters, model.pk, *films])
        for other, film, _ in cursor.fetchall():
            speaking = found.setdefault(other, [])
            if film in by_film and len(speaking) < REASONS:
                speaking.append(by_film[film])
    return found


def neighbours_among(model: ItemModel, films: set[int]) -> dict[tuple[int, int], float]:
    """Return what films say of each other by the long model, in both directions."""
    rows = Neighbour.objects.filter(model=model.pk, film__in=films, other__in=films, long__gt=0)
    found: dict[tuple[int, int], float] = {}
    for film, other, long in rows.values_list("film", "other", "long"):
        value = long / Neighbour.SCALE
        for pair in ((film, other), (other, film)):
            found[pair] = max(found.get(pair, 0.0), value)
    return found
