"""Every answer from TMDb is stored in the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error as DatabaseFailure
from django.db import connection

from movies.genres import ENGLISH_GENRES
from movies.models import Genre, Movie
from movies.services.mapping.summary import movie_summary
from movies.store import writing as store
from movies.tests.builders import list_movie

pytestmark = pytest.mark.django_db


def summary(movie_id: int = 603, **changes) -> dict:
    return movie_summary(list_movie(movie_id, **changes), ENGLISH_GENRES)


def genres_of(movie: Movie) -> list[int]:
    return list(movie.movie_genres.values_list("genre_id", flat=True))


def test_the_movies_of_a_page_are_inserted_or_updated():
    store.save_summaries([summary(603), summary(604)], complete=True)
    store.save_summaries([summary(603, title="New", genre_ids=[35])], complete=True)
    movie = Movie.objects.get(id=603)
    assert (movie.title, movie.folded_title, genres_of(movie)) == ("New", "new", [35])
    assert genres_of(Movie.objects.get(id=604)) == [28, 878]


def test_details_from_the_api_are_stored(client):
    client.get("/api/movies/603/")
    movie = Movie.objects.get(id=603)
    assert (movie.imdb_id, movie.runtime) == ("tt0133093", 136)
    assert movie.details["directors"][0]["name"] == "Lana Wachowski"
    assert "watch_providers" not in movie.details


def test_a_list_does_not_change_a_movies_details(client):
    client.get("/api/movies/603/")
    store.save_summaries([summary(603)], complete=True)
    assert Movie.objects.get(id=603).runtime == 136


@pytest.mark.parametrize("count", [1, 20, 40])
def test_storing_takes_a_constant_number_of_queries(count, django_assert_num_queries):
    page = [summary(movie_id) for movie_id in range(1, count + 1)]
    # A savepoint and its release, the movies, the genres, and the old and new pairs of both.
    with django_assert_num_queries(6):
        store.save_summaries(page, complete=True)


def test_another_language_updates_only_neutral_columns():
    store.save_summaries([summary()], complete=True)
    german = summary(title="Die Matrix", overview="Deutsch.", release_date="1999-06-17",
                     poster_path="/de.jpg", vote_count=30000, genre_ids=[878])  # fmt: skip
    store.save_summaries([german], complete=False)
    movie = Movie.objects.get(id=603)
    assert (movie.title, str(movie.release_date), movie.poster_path) == (
        "The Matrix",
        "1999-03-31",
        "/poster.jpg",
    )
    assert (movie.vote_count, genres_of(movie), movie.is_provisional) == (30000, [878], False)


def test_a_movie_first_seen_in_another_language_is_completed_later():
    store.save_summaries([summary(title="Die Matrix")], complete=False)
    assert Movie.objects.get(id=603).is_provisional
    store.save_summaries([summary()], complete=True)
    movie = Movie.objects.get(id=603)
    assert (movie.title, movie.is_provisional) == ("The Matrix", False)


def test_details_first_seen_in_another_language_are_stored_as_provisional(client):
    client.get("/api/movies/603/", {"language": "de"})
    movie = Movie.objects.get(id=603)
    assert (movie.is_provisional, movie.imdb_id, movie.runtime) == (True, "tt0133093", 136)
    assert movie.details["directors"]


@pytest.mark.parametrize("parameters", [{"language": "de"}, {"language": "de", "region": "DE"}])
def test_answers_in_another_language_are_provisional_until_completed(client, parameters):
    client.get("/api/movies/popular/", parameters)
    assert set(Movie.objects.values_list("is_provisional", flat=True)) == {True}
    assert Genre.objects.get(id=35).name == "Comedy"
    client.get("/api/movies/popular/")
    assert set(Movie.objects.values_list("is_provisional", flat=True)) == {False}


def test_an_answer_for_a_region_is_provisional(client):
    client.get("/api/movies/popular/", {"region": "DE"})
    assert set(Movie.objects.values_list("is_provisional", flat=True)) == {True}


def test_unusually_large_values_can_be_stored():
    odd = summary(
        2**31 - 1, title="T" * 400, vote_count=2**40, popularity=38e6, release_date="0001-01-01"
    )
    store.save_summaries([odd], complete=True)
    assert len(Movie.objects.get(id=2**31 - 1).title) == 400


def test_a_database_that_fails_to_store_does_not_affect_the_answer(client, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise DatabaseFailure("down")

    monkeypatch.setattr(Movie.objects, "bulk_create", fail)
    assert client.get("/api/movies/popular/").status_code == 200
    assert "Could not store movies" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_overlapping_pages_can_be_stored_concurrently():
    def save(seed: int) -> None:
        try:
            for turn in range(10):
                ids = [(seed * 7 + turn * 5 + step * 3) % 60 + 1 for step in range(20)]
                if (seed + turn) % 2:
                    ids.reverse()
                store.save_summaries([summary(each) for each in ids], complete=seed % 3 > 0)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(8)))
    assert Movie.objects.count() == 60
    assert all(genres_of(movie) == [28, 878] for movie in Movie.objects.all())
