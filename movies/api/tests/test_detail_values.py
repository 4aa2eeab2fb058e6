"""GET /api/movies/{id}/ with unknown, unusual and invalid values from TMDb."""

import pytest

from movies.models import Movie

from .details import get, send

pytestmark = pytest.mark.django_db


def test_unknown_values_are_null(client, tmdb):
    send(
        tmdb,
        belongs_to_collection=None,
        budget=0,
        revenue=0,
        runtime=0,
        homepage="",
        tagline="",
        overview="",
        imdb_id="",
        status=None,
        release_date="",
        poster_path=None,
        backdrop_path=None,
        genres=[],
        vote_average=0,
        vote_count=0,
        production_countries=[],
        spoken_languages=[],
    )
    movie = get(client)
    assert [name for name, value in movie.items() if value == "" or value is False] == []
    nulls = {name for name, value in movie.items() if value is None}
    assert nulls == {
        "collection",
        "budget",
        "revenue",
        "runtime",
        "homepage",
        "tagline",
        "overview",
        "overview_language",
        "imdb_id",
        "status",
        "release_date",
        "poster_path",
        "poster_url",
        "backdrop_path",
        "backdrop_url",
        "vote_average",
        "certification",
        "watch_providers",
    }


def test_an_id_and_a_title_are_enough(client, tmdb):
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": {"id": 603, "title": "X"}})
    assert get(client)["title"] == "X"


def test_unusually_large_values_are_accepted(client, tmdb):
    send(tmdb, revenue=2_923_706_026, runtime=51_420, title="T" * 400)
    movie = get(client)
    assert (movie["revenue"], movie["runtime"], movie["title"]) == (
        2_923_706_026,
        51_420,
        "T" * 400,
    )
    assert Movie.objects.get(id=603).runtime == 51_420


def test_invalid_values_are_null(client, tmdb):
    send(
        tmdb,
        runtime="long",
        budget=-5,
        revenue=10**30,
        homepage="javascript:alert(1)",
        imdb_id="nm0000001",
        release_date="soon",
        poster_path="../../etc",
        genres="none",
        credits={"cast": [None, 1, {"id": "x"}], "crew": "nobody"},
        keywords={"keywords": None},
        videos={"results": [{"site": [1], "key": "abc", "iso_639_1": {}, "type": "Trailer"}]},
        release_dates={"results": [{"iso_3166_1": "US"}]},
        popularity="high",
        **{"watch/providers": {"results": []}},
        translations=None,
        overview="a\x00b",
    )
    movie = get(client)
    assert movie["overview"] == "ab"
    assert movie["runtime"] is movie["budget"] is movie["revenue"] is movie["homepage"] is None
    assert movie["poster_url"] is movie["popularity"] is movie["certification"] is None
    assert movie["cast"] == movie["directors"] == movie["keywords"] == movie["genres"] == []


def test_lone_surrogates_are_dropped(client, tmdb):
    raw = '{"id": 603, "title": "A\\ud800B", "overview": "\\udfff"}'
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "raw": raw})
    assert get(client)["title"] == "AB"
