"""What a question to the catalogue is, and how TMDb and the database answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from rest_framework import serializers

from .cache.groups import Group
from .models import Movie
from .text import fold

Narrow = Callable[[QuerySet[Movie], Any], QuerySet[Movie]]


@dataclass(frozen=True)
class Parameter:
    """A query parameter.

    `upstream` is TMDb's name for it, or None if it is not in the query sent to TMDb. `database`
    narrows the movies that the database knows to those that match a value. Without it, the
    database does not answer a question in which this parameter is given.
    """

    name: str
    field: serializers.Field
    upstream: str | None
    database: Narrow | None = None
    to_upstream: Callable[[Any], str] = str

    @property
    def default(self) -> Any:
        """The value that is used if the parameter is not given, or None."""
        default = self.field.default
        return None if default is serializers.empty else default

    def is_given(self, values: dict) -> bool:
        return values.get(self.name, self.default) != self.default


@dataclass(frozen=True)
class Question:
    """A question that TMDb answers with a page of movies, unless its module in `catalogue` differs.

    `path` is ours, below /api/; `upstream` is TMDb's. Both may contain `{names}`. `constants` are
    sent to TMDb with every request. `complete` adds values that follow from others. `database`
    orders the movies that the database knows; without it, the database answers no page.
    """

    group: Group
    path: str
    upstream: str
    parameters: tuple[Parameter, ...]
    database: Callable[[QuerySet[Movie], dict], QuerySet[Movie]] | None = None
    constants: tuple[tuple[str, str], ...] = ()
    complete: Callable[[dict], dict] = lambda values: values

    @cached_property
    def serializer(self) -> type[serializers.Serializer]:
        """The serializer of the query parameters."""
        name = self.group.name.title().replace("-", "")
        declared = {parameter.name: parameter.field for parameter in self.parameters}
        return type(f"{name}Parameters", (serializers.Serializer,), declared)

    def with_defaults(self, values: dict) -> dict:
        """Return the values, with the defaults of the parameters that are not given."""
        defaults = {each.name: each.default for each in self.parameters}
        known = {name: value for name, value in (defaults | values).items() if value is not None}
        return self.complete(known)

    def upstream_path(self, values: dict) -> str:
        return self.upstream.format(**values)

    def upstream_query(self, values: dict) -> dict[str, str]:
        """Return the query to send to TMDb for these values, under TMDb's names."""
        return dict(self.constants) | {
            parameter.upstream: parameter.to_upstream(values[parameter.name])
            for parameter in self.parameters
            if parameter.upstream and values.get(parameter.name) is not None
        }

    def rows(self, movies: QuerySet[Movie], values: dict) -> QuerySet[Movie] | None:
        """Narrow and order the movies that the database knows.

        Returns None if the database does not hold everything that the question asks for.
        """
        if self.database is None:
            return None
        for parameter in self.parameters:
            if parameter.is_given(values):
                if parameter.database is None:
                    return None
                movies = parameter.database(movies, values[parameter.name])
        return self.database(movies, values)


def column(lookup: str) -> Narrow:
    """Return a filter by a lookup such as `runtime__gte`."""
    return lambda movies, value: movies.filter(**{lookup: value})


def by_title_match(movies: QuerySet[Movie], query: str) -> QuerySet[Movie]:
    """Order by how well the title matches: equal titles first, then beginnings, then the rest."""
    folded = fold(query)
    rank = Case(
        When(folded_title=folded, then=Value(0)),
        When(folded_title__startswith=folded, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    # A query of accents only folds to an empty text, which every title contains.
    matching = movies if folded else movies.none()
    return matching.order_by(rank, F("popularity").desc(nulls_last=True), "id")


def all_genres(movies: QuerySet[Movie], genres: list[int]) -> QuerySet[Movie]:
    for genre in genres:
        movies = movies.filter(movie_genres__genre=genre)
    return movies


def no_genre(movies: QuerySet[Movie], genres: list[int]) -> QuerySet[Movie]:
    return movies.exclude(movie_genres__genre__in=genres)


def any_value(movies: QuerySet[Movie], value: object) -> QuerySet[Movie]:
    """Match all movies: for parameters that do not select any, such as the page."""
    return movies


def joined(values: list) -> str:
    return ",".join(map(str, values))
