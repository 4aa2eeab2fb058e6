"""Movies and genres in the admin are read-only."""

import pytest

from movies.genres import ENGLISH_GENRES
from movies.models import Movie
from movies.services.mapping.summary import movie_summary
from movies.store import writing as store

from .builders import list_movie


@pytest.fixture
def movies(db):
    page = [list_movie(603), list_movie(194, title="Amélie", poster_path=None)]
    store.save_summaries([movie_summary(movie, ENGLISH_GENRES) for movie in page], complete=True)


def test_the_list_contains_posters(admin_client, movies):
    page = admin_client.get("/admin/movies/movie/").content.decode()
    assert "https://image.tmdb.org/t/p/w92/poster.jpg" in page
    assert "Amélie" in page


@pytest.mark.parametrize("term, found", [("ÀMELIE", [194]), ("603", [603]), ("nothing", [])])
def test_search_ignores_accents_and_finds_ids(admin_client, movies, term, found):
    response = admin_client.get("/admin/movies/movie/", {"q": term})
    assert [movie.id for movie in response.context["cl"].result_list] == found


def test_a_movie_can_be_viewed_but_not_changed(admin_client, movies):
    assert admin_client.get("/admin/movies/movie/603/change/").status_code == 200
    assert admin_client.post("/admin/movies/movie/603/change/", {"title": "x"}).status_code == 403
    assert admin_client.get("/admin/movies/movie/add/").status_code == 403
    assert Movie.objects.get(id=603).title == "The Matrix"


def test_genres_are_listed(admin_client, movies):
    assert b"Science Fiction" in admin_client.get("/admin/movies/genre/").content
