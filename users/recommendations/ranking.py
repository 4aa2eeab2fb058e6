"""The item-item model's answer, in SQL: the user's films folded in, whatever is new a second ago.

(Steck 2019 calls it fold-in: a user's row of the matrix is multiplied with the model.) The table
of neighbours is read through its key, once for each film that is folded in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from movies.models import Movie

from .formula import BEST, Mix, mix
from .models import FilmScalars, ItemModel, Neighbour
from .signals import Signal

REASONS = 3  # films named as reasons, at most


@dataclass
class Reasons:
    """Why a film is answered: whether the model's neighbours speak for it, and which of them."""

    has_neighbours: bool = False
    signals: list[Signal] = field(default_factory=list)


def placeholders(values: Iterable) -> str:
    return ", ".join("%s" for _ in values)


def seeds(signals: list[Signal]) -> tuple[str, list]:
    """Return the films that are folded in as a table `seed (film, weight)`."""
    # PostgreSQL takes the types of a VALUES list from its first row, and decimals as numeric.
    row = "(CAST(%s AS integer), CAST(%s AS double precision))"
    rows = ", ".join(row for _ in signals)
    parameters = [value for each in signals for value in (each.film, each.weight)]
    return f"seed (film, weight) AS (VALUES {rows})", parameters


def folded(mixed: Mix) -> str:
    """Return what a row of the neighbours adds to a score; plain numbers, none of a client's."""
    short, long = mixed.short / Neighbour.SCALE, mixed.long / Neighbour.SCALE
    return f"(CAST({short!r} AS double precision) * n.s + CAST({long!r} AS double precision) * n.l)"


def ranking_query(
    model: ItemModel, signals: list[Signal], allowed: QuerySet[Movie], limit: int
) -> tuple[str, list]:
    mixed = mix([each.weight for each in signals])
    table, parameters = seeds(signals)
    films, more = allowed.order_by().values("pk").query.sql_with_params()
    scalars = FilmScalars._meta.db_table
    alone = f"CAST({mixed.short!r} AS double precision) * (f.b + {mixed.n!r} * f.c)"
    query = f"""
        WITH {table},
        told AS (
            SELECT n.other AS film, SUM(seed.weight * {folded(mixed)}) AS score
            FROM seed JOIN {Neighbour._meta.db_table} AS n ON n.model = %s AND n.film = seed.film
            GROUP BY n.other
        )
        SELECT f.film_id, {alone} + COALESCE(told.score, 0) AS score, f.support
        FROM {scalars} AS f LEFT JOIN told ON told.film = f.film_id
        WHERE f.model_id = %s AND f.film_id IN ({films}) AND (
            told.film IS NOT NULL
            OR f.film_id IN (
                SELECT film_id FROM {scalars} WHERE model_id = %s ORDER BY b DESC LIMIT {BEST}
            )
        )
        ORDER BY score DESC, f.film_id
        LIMIT %s
    """
    return query, [*parameters, model.pk, model.pk, *more, model.pk, limit]


def ranked(
    model: ItemModel, signals: list[Signal], allowed: QuerySet[Movie], limit: int
) -> list[tuple[int, float, int]]:
    """Return (film, score, support) of the best films, in one query."""
    if not signals:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*ranking_query(model, signals, allowed, limit))
        return cursor.fetchall()


def reasons(model: ItemModel, signals: list[Signal], films: list[int]) -> dict[int, Reasons]:
    """Return, for those of `films` that neighbours speak for, who they are, in one query."""
    if not signals or not films:
        return {}
    mixed = mix([each.weight for each in signals])
    table, parameters = seeds(signals)
    query = f"""
        WITH {table}
        SELECT n.other, n.film, seed.weight * {folded(mixed)} AS score
        FROM seed JOIN {Neighbour._meta.db_table} AS n
            ON n.model = %s AND n.film = seed.film AND n.other IN ({placeholders(films)})
        WHERE seed.weight * {folded(mixed)} > 0
        ORDER BY score DESC, n.film
    """
    by_film = {each.film: each for each in signals}
    found: dict[int, Reasons] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, [*parameters, model.pk, *films])
        for other, film, _ in cursor.fetchall():
            reason = found.setdefault(other, Reasons(has_neighbours=True))
            if by_film[film].is_reason and len(reason.signals) < REASONS:
                reason.signals.append(by_film[film])
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
