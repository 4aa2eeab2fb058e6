"""The serializers, the database's rows and TMDb's answers have the shapes of movies/shapes.py."""

from types import NoneType
from typing import get_args, get_origin, get_type_hints, is_typeddict

import pytest
from rest_framework.serializers import ListSerializer, Serializer

from movies.api.movie import MovieDetailSerializer
from movies.api.summary import MoviePageSerializer, MovieSummarySerializer
from movies.genres import ENGLISH_GENRES
from movies.models import Movie
from movies.services.mapping.movie import all_regions, cut_to_region
from movies.services.mapping.summary import movie_page, movie_summary
from movies.shapes import MovieDetail, MoviePage, MovieSummary
from movies.store import writing
from movies.store.reading import genres_of
from movies.store.rows import detail_of, summary_of

from .builders import detail_movie, list_movie, list_page

PERSON = {"id": 6384, "name": "Keanu Reeves", "profile_path": "/profile.jpg"}
PROVIDER = {"provider_id": 8, "provider_name": "Netflix", "logo_path": "/logo.jpg"}
TRAILER = {"name": "T", "key": "k", "site": "YouTube", "type": "Trailer", "iso_639_1": "en"}
KINDS = ("flatrate", "free", "ads", "rent", "buy")
# A movie with at least one entry in every list.
COMPLETE = {
    "credits": {"cast": [PERSON | {"order": 0}], "crew": [PERSON | {"job": "Director"}]},
    "videos": {"results": [TRAILER]},
    "release_dates": {
        "results": [
            {"iso_3166_1": "US", "release_dates": [{"type": 3, "certification": "R"}]},
        ]
    },
    "watch/providers": {"results": {"US": dict.fromkeys(KINDS, [PROVIDER])}},
}


def parts_of(hint: object) -> tuple[object, bool]:
    """Return a type without None, and whether it allows None."""
    options = get_args(hint) if NoneType in get_args(hint) else (hint,)
    (part,) = (option for option in options if option is not NoneType)
    return part, NoneType in options


def described_by_type(shape: type, prefix: str = "") -> dict[str, bool]:
    """Return {path of a key: whether it may be None} for a TypedDict and the nested ones."""
    found = {}
    for name, hint in get_type_hints(shape).items():
        part, allows_none = parts_of(hint)
        path = f"{prefix}{name}"
        if get_origin(part) is list:
            (part,) = get_args(part)
            path += "[]"
        found[path] = allows_none
        if is_typeddict(part):
            found |= described_by_type(part, f"{path}.")
    return found


def described_by_serializer(serializer: Serializer, prefix: str = "") -> dict[str, bool]:
    """Return the same for a serializer and the nested ones."""
    found = {}
    for name, field in serializer.fields.items():
        path, allows_none = f"{prefix}{name}", field.allow_null
        if isinstance(field, ListSerializer):
            field = field.child
            path += "[]"
        found[path] = allows_none
        if isinstance(field, Serializer):
            found |= described_by_serializer(field, f"{path}.")
    return found


@pytest.mark.parametrize(
    "serializer, shape",
    [
        (MovieSummarySerializer, MovieSummary),
        (MoviePageSerializer, MoviePage),
        (MovieDetailSerializer, MovieDetail),
    ],
)
def test_a_serializer_has_the_keys_of_its_shape_and_allows_null_where_it_does(serializer, shape):
    assert described_by_serializer(serializer()) == described_by_type(shape)


def assert_has_shape(value: object, hint: object, *, regional: bool = True) -> None:
    """Check a value's type and keys recursively; only a MovieDetail may be not `regional`."""
    part, allows_none = parts_of(hint)
    if value is None:
        assert allows_none, hint
    elif get_origin(part) is list:
        assert value, f"the sample has an empty list of {part}"
        for each in value:
            assert_has_shape(each, *get_args(part))
    elif is_typeddict(part):
        hints = get_type_hints(part)
        assert value.keys() == (hints.keys() if regional else part.__required_keys__)
        for name, each in value.items():
            assert_has_shape(each, hints[name])
    else:
        assert isinstance(value, (int, float) if part is float else part), (value, part)


def everywhere() -> dict:
    """Return TMDb's complete movie, mapped for all regions."""
    movie = detail_movie(**COMPLETE)
    return all_regions(movie, language="en-US", fallback="en-US", genre_names=ENGLISH_GENRES)


def test_list_items_and_pages_of_tmdb_are_mapped_to_their_shapes():
    assert_has_shape(movie_summary(list_movie(), ENGLISH_GENRES), MovieSummary)
    assert_has_shape(movie_page(list_page(list_movie()), 1, ENGLISH_GENRES), MoviePage)


def test_details_of_tmdb_are_mapped_to_their_shape():
    assert_has_shape(everywhere()["detail"], MovieDetail, regional=False)
    assert_has_shape(cut_to_region(everywhere(), "US"), MovieDetail)


def test_unknown_values_of_tmdb_are_none_only_where_the_shape_allows_it():
    movie = {"id": 603, "title": "The Matrix"}
    summary = movie_summary(movie, ENGLISH_GENRES)
    detail = cut_to_region(
        all_regions(movie, language="en-US", fallback="en-US", genre_names=ENGLISH_GENRES), "US"
    )
    for found, shape in ((summary, MovieSummary), (detail, MovieDetail)):
        hints = get_type_hints(shape)
        assert found.keys() == hints.keys()
        assert all(parts_of(hints[name])[1] for name, value in found.items() if value is None)


@pytest.mark.django_db
def test_rows_of_the_database_have_their_shapes():
    writing.save_detail(everywhere()["detail"], complete=True)
    row = Movie.objects.get(id=603)
    genres = genres_of([603])[603]
    assert_has_shape(summary_of(row, genres), MovieSummary)
    assert_has_shape(detail_of(row, genres), MovieDetail, regional=False)


@pytest.mark.django_db
def test_a_row_without_details_has_the_keys_of_its_shape():
    writing.save_summaries([movie_summary(list_movie(), ENGLISH_GENRES)], complete=True)
    assert detail_of(Movie.objects.get(id=603), []).keys() == MovieDetail.__required_keys__
