"""The database answers if there is no document and TMDb is down."""

import pytest
from django.db import OperationalError

from movies.genres import ENGLISH_GENRES
from movies.models import Movie
from movies.services.health import FAILURES_TO_OPEN
from movies.services.mapping.summary import movie_summary
from movies.services.tmdb_service import service
from movies.store import writing as store
from movies.tests.builders import list_movie, list_page

pytestmark = pytest.mark.django_db

FROM_DATABASE = "catalogue; fwd=miss; detail=database"


def save(*movies: dict) -> None:
    store.save_summaries([movie_summary(movie, ENGLISH_GENRES) for movie in movies], complete=True)


MOVIES = [
    list_movie(603, title="The Matrix", popularity=80, vote_average=8.2, vote_count=26000),
    list_movie(
        604,
        title="The Matrix Reloaded",
        popularity=60,
        release_date="2003-05-15",
        vote_average=7.0,
        vote_count=11000,
        genre_ids=[12, 28],
    ),
    list_movie(
        194,
        title="Amélie",
        popularity=90,
        release_date="2001-04-25",
        genre_ids=[35, 10749],
        original_language="fr",
        vote_average=7.9,
        vote_count=12000,
    ),
    list_movie(1, title="Unrated", popularity=1, vote_count=0, vote_average=0, release_date=""),
]


def ids(response) -> list[int]:
    assert response.status_code == 200, response.content
    assert response["Cache-Status"] == FROM_DATABASE
    assert response["Cache-Control"] == "no-store"
    return [movie["id"] for movie in response.json()["results"]]


@pytest.mark.parametrize(
    "path, expected",
    [
        ("popular/", [194, 603, 604, 1]),
        ("top-rated/", [603, 194, 604]),
        ("search/?query=matrix", [603, 604]),
        ("search/?query=the matrix reloaded", [604]),
        ("search/?query=AMELIE", [194]),
        ("search/?query=matrix&year=2003", [604]),
        ("discover/", [194, 603, 604, 1]),
        ("discover/?genres=28", [603, 604, 1]),
        ("discover/?genres=28,12", [604]),
        ("discover/?exclude_genres=28,35", []),
        ("discover/?exclude_genres=878", [194, 604]),
        ("discover/?year=2001", [194]),
        ("discover/?released_after=2001-01-01&released_before=2002-01-01", [194]),
        ("discover/?min_rating=7.5&sort=-rating", [603, 194]),
        ("discover/?min_votes=12000&sort=votes", [194, 603]),
        ("discover/?original_language=fr", [194]),
        ("discover/?sort=-release_date", [604, 194, 603]),
    ],
)
def test_lists_are_filtered_and_sorted(client, outage, path, expected):
    save(*MOVIES)
    outage()
    response = client.get(f"/api/movies/{path}")
    if expected:
        assert ids(response) == expected
    else:
        assert response.status_code == 503


@pytest.mark.parametrize("path", ["trending/", "now-playing/", "upcoming/", "603/similar/"])
def test_lists_that_the_database_cannot_answer_are_a_503(client, outage, path):
    save(*MOVIES)
    outage()
    assert client.get(f"/api/movies/{path}").status_code == 503


def test_details_are_those_that_tmdb_sent_last(client, outage):
    before = client.get("/api/movies/603/?region=DE").json()
    outage()
    response = client.get("/api/movies/603/?region=DE")
    assert response["Cache-Status"] == FROM_DATABASE
    # Regional parts are not stored.
    assert response.json() == before | {"certification": None, "watch_providers": None}
    assert client.get("/api/movies/tt0133093/")["Location"] == "/api/movies/603/"


def test_a_movie_known_only_from_lists_has_no_details(client, outage):
    save(*MOVIES)
    outage()
    movie = client.get("/api/movies/194/").json()
    assert (movie["title"], movie["runtime"], movie["cast"]) == ("Amélie", None, [])
    assert movie["overview_language"] == "en-US"


def test_a_movie_that_the_database_does_not_have_is_a_503_not_a_404(client, outage):
    outage()
    assert client.get("/api/movies/603/").status_code == 503


def test_a_movie_that_tmdb_has_deleted_is_not_served(client, outage):
    save(*MOVIES)
    store.mark_gone([603])
    outage()
    assert 603 not in ids(client.get("/api/movies/popular/"))
    assert 603 not in ids(client.get("/api/movies/search/?query=matrix"))
    assert client.get("/api/movies/603/").status_code == 503


def test_a_list_that_still_contains_a_deleted_movie_does_not_restore_it(client, outage):
    save(*MOVIES)
    store.mark_gone([603])
    save(*MOVIES)
    outage()
    assert 603 not in ids(client.get("/api/movies/popular/"))


def test_a_movie_that_became_adult_is_not_served(client, outage, tmdb):
    save(*MOVIES)
    page = list_page(list_movie(194, softcore=True), list_movie(603))
    tmdb.add_fault({"fault": "json", "path": "/movie/popular", "body": page, "times": 1})
    client.get("/api/movies/popular/")
    outage()
    assert 194 not in ids(client.get("/api/movies/popular/"))


def test_an_answer_from_the_database_matches_no_etag(client, outage):
    save(*MOVIES)
    outage()
    response = client.get("/api/movies/popular/", headers={"if-none-match": "*"})
    assert response.status_code == 200


def test_genres_that_are_not_stored_have_english_names(client, outage):
    save(MOVIES[0])
    outage()
    response = client.get("/api/movies/genres/")
    assert response["Cache-Status"] == FROM_DATABASE
    names = {genre["id"]: genre["name"] for genre in response.json()["genres"]}
    assert names == ENGLISH_GENRES


def test_a_page_takes_a_constant_number_of_queries(client, outage, django_assert_num_queries):
    save(*[list_movie(each, title=f"Movie {each}", popularity=each) for each in range(1, 51)])
    outage()
    # The count, the movies, and their genres with names.
    for page, found in ((1, 20), (3, 10)):
        with django_assert_num_queries(3):
            body = client.get(f"/api/movies/popular/?page={page}").json()
        assert (len(body["results"]), body["total_pages"], body["total_results"]) == (found, 3, 50)
    assert client.get("/api/movies/popular/?page=4").json()["results"] == []


def test_once_tmdb_is_back_the_answer_comes_from_it(client, outage, tmdb):
    save(*MOVIES)
    outage()
    client.get("/api/movies/popular/")
    tmdb.clear_faults()
    assert client.get("/api/movies/popular/")["Cache-Status"] == "catalogue; fwd=miss; stored"


def test_with_the_database_down_too_the_answer_is_a_503(client, outage, monkeypatch):
    outage()

    def fail(*args, **kwargs):
        raise OperationalError("down")

    monkeypatch.setattr(Movie.objects, "filter", fail)
    assert client.get("/api/movies/popular/").status_code == 503


def test_with_the_circuit_breaker_open_tmdb_is_not_asked(client, outage, tmdb):
    save(*MOVIES)
    outage()
    for _ in range(FAILURES_TO_OPEN):
        service().health.failed()
    tmdb.forget_requests()
    assert ids(client.get("/api/movies/popular/"))
    assert tmdb.requests()["total"] == 0
