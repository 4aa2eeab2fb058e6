"""Movies that are recommended because they are popular."""

from collections.abc import Sequence

from django.db.models import F, QuerySet

from movies.load import Load
from movies.models import Movie

from . import catalogue_lists
from .candidates import has_any_genre
from .recommendation import BY_POPULARITY, Contribution, Recommendation


def trending(
    allowed: QuerySet[Movie], favorite_genres: Sequence[int], load: Load
) -> list[Recommendation]:
    """Return the week's trending movies, those of the favorite genres first."""
    movie_ids = catalogue_lists.trending(load)
    rows = allowed.filter(pk__in=movie_ids).annotate(is_favorite=has_any_genre(favorite_genres))
    is_favorite = dict(rows.values_list("pk", "is_favorite"))
    movie_ids = [movie_id for movie_id in movie_ids if movie_id in is_favorite]
    movie_ids.sort(key=lambda movie_id: -is_favorite[movie_id])
    return scored_in_order(movie_ids, below=0.0)


def popular(
    allowed: QuerySet[Movie],
    previous: list[Recommendation],
    count: int,
    genres: Sequence[int],
    favorite_genres: Sequence[int],
    load: Load,
) -> list[Recommendation]:
    """Return `count` popular movies to follow the `previous` ones.

    If the database has too few, the catalogue is asked for more.
    """
    rest = allowed.exclude(pk__in=[each.movie_id for each in previous])
    movie_ids = most_popular(rest, count, favorite_genres)
    if len(movie_ids) < count and catalogue_lists.fetch_popular(genres, load):
        movie_ids = most_popular(rest, count, favorite_genres)
    return scored_in_order(movie_ids, below=min([0.0, *(each.score for each in previous)]))


def most_popular(movies: QuerySet[Movie], count: int, favorite_genres: Sequence[int]) -> list[int]:
    """Return the ids of the most popular movies.

    Movies of the favorite genres whose popularity is known come first, then all others.
    """
    # The database walks the index on popularity in this order, and stops after `count` rows.
    first = movies.filter(popularity__isnull=False).order_by("-popularity", "pk")
    if favorite_genres:
        first = first.filter(has_any_genre(favorite_genres))
    found = list(first.values_list("pk", flat=True)[:count])
    if len(found) < count:
        rest = movies.exclude(pk__in=found).order_by(F("popularity").desc(nulls_last=True), "pk")
        found += rest.values_list("pk", flat=True)[: count - len(found)]
    return found


def scored_in_order(movie_ids: list[int], *, below: float) -> list[Recommendation]:
    """Return recommendations in this order, with scores that fall from `below`."""
    return [
        Recommendation(movie_id, [Contribution(below - rank, [BY_POPULARITY], [])])
        for rank, movie_id in enumerate(movie_ids, 1)
    ]
