"""Client libraries written for TMDb work with the stand-in."""

import pytest
import requests
import tmdbsimple
import tmdbv3api
from requests.adapters import HTTPAdapter
from tmdbv3api.exceptions import TMDbException

KEY = "0123456789abcdef" * 2


class ToStandIn(HTTPAdapter):
    """Sends requests for TMDb's address, which both libraries hardcode, to the stand-in."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url

    def send(self, request, **kwargs):
        request.url = request.url.replace("https://api.themoviedb.org/3", self.url)
        return super().send(request, **kwargs)


@pytest.fixture
def session(standin):
    standin.clear_faults()
    with requests.Session() as session:
        session.mount("https://api.themoviedb.org/", ToStandIn(standin.url))
        yield session


@pytest.fixture
def simple(session, monkeypatch):
    monkeypatch.setattr(tmdbsimple, "REQUESTS_SESSION", session)
    monkeypatch.setattr(tmdbsimple, "API_KEY", KEY)
    return tmdbsimple


def test_tmdbsimple_reads_lists_and_search_results(simple):
    assert len(simple.Trending(media_type="movie", time_window="day").info()["results"]) == 20
    assert simple.Movies().popular(page=2)["page"] == 2
    assert simple.Movies().now_playing()["dates"]["maximum"]
    search = simple.Search()
    assert search.movie(query="Sen to Chihiro")["results"][0]["id"] == 129
    assert search.total_results >= 1
    found = simple.Discover().movie(with_genres="878", sort_by="vote_average.desc")
    assert all(878 in movie["genre_ids"] for movie in found["results"])
    assert len(simple.Genres().movie_list()["genres"]) == 19


def test_tmdbsimple_reads_a_movie(simple):
    movie = simple.Movies(603)
    info = movie.info(append_to_response="credits,keywords,release_dates,watch/providers")
    assert (movie.title, movie.runtime) == ("The Matrix", 136)
    assert info["credits"]["cast"][0]["name"] == "Keanu Reeves"
    assert info["watch/providers"] == {"results": {}}
    assert movie.recommendations()["results"][0]["media_type"] == "movie"
    assert movie.credits()["id"] == 603
    assert movie.external_ids()["imdb_id"] == "tt0133093"
    found = simple.Find("tt0133093").info(external_source="imdb_id")
    assert found["movie_results"][0]["id"] == 603
    assert simple.Configuration().info()["images"]["secure_base_url"]


def test_tmdbsimple_raises_errors(simple, monkeypatch):
    with pytest.raises(requests.HTTPError, match="404"):
        simple.Movies(999999999).info()
    with pytest.raises(requests.HTTPError, match="400"):
        simple.Movies().popular(page=501)
    monkeypatch.setattr(simple, "API_KEY", "wrong")
    with pytest.raises(requests.HTTPError, match="401"):
        simple.Movies(603).info()


@pytest.fixture
def v3api(session, monkeypatch):
    for name, value in (
        ("TMDB_API_KEY", KEY),
        ("TMDB_LANGUAGE", "en-US"),
        ("TMDB_CACHE_ENABLED", "False"),
    ):
        monkeypatch.setenv(name, value)
    for name in ("page", "total_results", "total_pages"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(tmdbv3api.TMDb, "_session", session)
    return tmdbv3api


def test_tmdbv3api_reads_lists_and_search_results(v3api):
    movie = v3api.Movie()
    assert len(v3api.Trending().movie_week().results) == 20
    assert len(movie.top_rated().results) == 20
    assert v3api.Search().movies("amelie").results[0].title == "Amélie"
    found = v3api.Discover().discover_movies({"primary_release_year": "1999"})
    assert {movie.release_date[:4] for movie in found.results} == {"1999"}
    assert {genre.name for genre in v3api.Genre().movie_list().genres} >= {"Drama", "Western"}


def test_tmdbv3api_reads_a_movie(v3api):
    movies = v3api.Movie()
    movie = movies.details(129, append_to_response="credits,videos")
    assert movie.original_title == "千と千尋の神隠し"
    assert movie.credits.crew[0].job == "Director"
    assert movies.recommendations(129).results
    assert movies.similar(129).results
    with pytest.raises(TMDbException, match="could not be found"):
        movies.details(999999999)
