"""The catalogue's questions: one row each, and one row for each of their parameters.

A row has our name, TMDb's name, and what answers it from the database. The views' validation, the
cache keys, the requests to TMDb, the answers from the database, the questions of `warm_cache` and
the API's description are all made from these rows. To add a filter, add its row.
"""

from collections.abc import Callable

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers

from .cache.groups import DAY, HOUR, register
from .models import Movie
from .parameter_fields import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_RUNTIME,
    MOST_VOTES,
    GenreIdsField,
    LanguageCodeField,
    LanguageField,
    QueryField,
    RatingField,
    RegionField,
    WholeNumberField,
)
from .question import (
    Parameter,
    Question,
    all_genres,
    any_value,
    by_title_match,
    column,
    joined,
    no_genre,
)
from .text import fold
from .tmdb import LAST_PAGE, MIN_VOTES

# The database answers in TMDB_LANGUAGE, whatever language is asked for.
LANGUAGE = Parameter(
    "language",
    LanguageField(default=settings.TMDB_LANGUAGE, help_text="`xx` or `xx-YY`; case is ignored."),
    "language",
    any_value,
)
PAGE = Parameter(
    "page",
    WholeNumberField(default=1, min_value=1, max_value=LAST_PAGE, help_text="20 movies a page."),
    "page",
    any_value,
)
# The database has only primary release dates, not those of single countries.
REGION = Parameter(
    "region",
    RegionField(required=False, help_text="Two letters. Release dates are those of this country."),
    "region",
)


def optional_number(text: str, low: int, high: int) -> WholeNumberField:
    return WholeNumberField(required=False, min_value=low, max_value=high, help_text=text)


def release_year() -> WholeNumberField:
    return optional_number("Year of release.", FIRST_YEAR, LAST_YEAR)


def chart(name: str, upstream: str, database: Callable | None = None) -> Question:
    group = register(name, fresh_for=6 * HOUR, kept_for=7 * DAY)
    return Question(group, f"movies/{name}/", upstream, (LANGUAGE, PAGE, REGION), database)


TRENDING = Question(
    register("trending", fresh_for=6 * HOUR, kept_for=7 * DAY),
    "movies/trending/",
    "/trending/movie/{window}",
    (
        LANGUAGE,
        PAGE,
        Parameter(
            "window",
            serializers.ChoiceField(
                ["day", "week"],
                default="week",
                help_text="The period over which movies are trending.",
            ),
            upstream=None,
        ),
    ),
)
POPULAR = chart(
    "popular",
    "/movie/popular",
    lambda movies, values: movies.filter(popularity__isnull=False).order_by("-popularity", "id"),
)
TOP_RATED = chart(
    "top-rated",
    "/movie/top_rated",
    lambda movies, values: movies.filter(
        vote_count__gte=MIN_VOTES, vote_average__isnull=False
    ).order_by("-vote_average", "id"),
)
NOW_PLAYING = chart("now-playing", "/movie/now_playing")
UPCOMING = chart("upcoming", "/movie/upcoming")

SEARCH = Question(
    register("search", fresh_for=1 * HOUR, kept_for=1 * DAY),
    "movies/search/",
    "/search/movie",
    (
        LANGUAGE,
        PAGE,
        Parameter(
            "query",
            QueryField(help_text="All or part of any title that the movie is known by."),
            "query",
            lambda movies, query: movies.filter(folded_title__contains=fold(query)),
        ),
        Parameter("year", release_year(), "year", column("release_date__year")),
        Parameter(
            "include_adult",
            serializers.BooleanField(default=False, help_text="Whether to include adult movies."),
            "include_adult",
            to_upstream=lambda value: str(value).lower(),
        ),
    ),
    lambda movies, values: by_title_match(movies, values["query"]),
)


# Our sort orders by TMDb's names for them, and by our columns.
ORDERS = {
    "popularity": ("popularity", "popularity"),
    "rating": ("vote_average", "vote_average"),
    "release_date": ("primary_release_date", "release_date"),
    "votes": ("vote_count", "vote_count"),
}


def upstream_order(sort: str) -> str:
    name, _ = ORDERS[sort.removeprefix("-")]
    return f"{name}.{'desc' if sort.startswith('-') else 'asc'}"


def by_order(movies: QuerySet[Movie], sort: str) -> QuerySet[Movie]:
    _, name = ORDERS[sort.removeprefix("-")]
    known = movies.filter(**{f"{name}__isnull": False})
    return known.order_by(f"-{name}" if sort.startswith("-") else name, "id")


def with_min_votes(values: dict) -> dict:
    """Require a minimum number of votes when sorting by rating."""
    by_rating = values["sort"].removeprefix("-") == "rating"
    return {"min_votes": MIN_VOTES} | values if by_rating else values


DISCOVER = Question(
    register("discover", fresh_for=1 * HOUR, kept_for=1 * DAY),
    "movies/discover/",
    "/discover/movie",
    (
        LANGUAGE,
        PAGE,
        REGION,
        Parameter(
            "genres",
            GenreIdsField(required=False, help_text="Genre ids; a movie must have all of them."),
            "with_genres",
            all_genres,
            joined,
        ),
        Parameter(
            "exclude_genres",
            GenreIdsField(required=False, help_text="Genre ids; a movie must have none of them."),
            "without_genres",
            no_genre,
            joined,
        ),
        Parameter("year", release_year(), "primary_release_year", column("release_date__year")),
        Parameter(
            "released_after",
            serializers.DateField(required=False, help_text="Released on or after this date."),
            "primary_release_date.gte",
            column("release_date__gte"),
        ),
        Parameter(
            "released_before",
            serializers.DateField(required=False, help_text="Released on or before this date."),
            "primary_release_date.lte",
            column("release_date__lte"),
        ),
        Parameter(
            "min_rating",
            RatingField(required=False, help_text="Minimum `vote_average`."),
            "vote_average.gte",
            column("vote_average__gte"),
        ),
        Parameter(
            "min_votes",
            optional_number(
                f"Minimum `vote_count`. Defaults to {MIN_VOTES} when sorting by rating.",
                0,
                MOST_VOTES,
            ),
            "vote_count.gte",
            column("vote_count__gte"),
        ),
        Parameter(
            "min_runtime",
            optional_number("Minimum length in minutes.", 0, LONGEST_RUNTIME),
            "with_runtime.gte",
            column("runtime__gte"),
        ),
        Parameter(
            "max_runtime",
            optional_number("Maximum length in minutes.", 0, LONGEST_RUNTIME),
            "with_runtime.lte",
            column("runtime__lte"),
        ),
        Parameter(
            "original_language",
            LanguageCodeField(required=False, help_text="Two letters, without a country."),
            "with_original_language",
            column("original_language"),
        ),
        Parameter(
            "sort",
            serializers.ChoiceField(
                [f"{sign}{order}" for order in ORDERS for sign in ("", "-")],
                default="-popularity",
                help_text="A leading `-` sorts descending.",
            ),
            "sort_by",
            any_value,
            upstream_order,
        ),
    ),
    lambda movies, values: by_order(movies, values["sort"]),
    constants=(("include_adult", "false"),),
    complete=with_min_votes,
)

GENRES = Question(
    register("genres", fresh_for=7 * DAY, kept_for=60 * DAY),
    "movies/genres/",
    "/genre/movie/list",
    (LANGUAGE,),
)

MOVIE = Question(
    register("details", fresh_for=24 * HOUR, kept_for=30 * DAY, of_movie=True),
    "movies/{movie_id}/",
    "/movie/{movie_id}",
    (
        LANGUAGE,
        Parameter(
            "region",
            RegionField(
                default=settings.TMDB_REGION,
                help_text="Two letters: the country of the certification and watch providers.",
            ),
            upstream=None,
            # The database does not have these two parts. They are null in its answers.
            database=any_value,
        ),
    ),
    constants=(
        (
            "append_to_response",
            "credits,keywords,videos,release_dates,watch/providers,translations,recommendations,"
            "similar",
        ),
    ),
)
RECOMMENDATIONS = Question(
    register("recommendations", fresh_for=24 * HOUR, kept_for=30 * DAY, of_movie=True),
    "movies/{movie_id}/recommendations/",
    "/movie/{movie_id}/recommendations",
    (LANGUAGE, PAGE),
)
SIMILAR = Question(
    register("similar", fresh_for=24 * HOUR, kept_for=30 * DAY, of_movie=True),
    "movies/{movie_id}/similar/",
    "/movie/{movie_id}/similar",
    (LANGUAGE, PAGE),
)

CHARTS = (TRENDING, POPULAR, TOP_RATED, NOW_PLAYING, UPCOMING)
