"""manage.py prune_movies"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from movies.genres import ENGLISH_GENRES
from movies.management.commands import prune_movies
from movies.models import Movie
from movies.services.mapping.summary import movie_summary
from movies.store import writing as store
from movies.tests.builders import list_movie

pytestmark = pytest.mark.django_db(transaction=True)

OLD = timedelta(days=181)


class Shelf(models.Model):
    """A table of another app that refers to movies."""

    movie = models.ForeignKey(Movie, models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        # Django knows only the relations of installed apps.
        app_label = "users"


@pytest.fixture(autouse=True)
def shelf(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Shelf)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Shelf)


@pytest.fixture
def movies():
    """Three movies: 603 and 604 are old, 550 is not."""
    page = [movie_summary(list_movie(each), ENGLISH_GENRES) for each in (603, 604, 550)]
    store.save_summaries(page, complete=True)
    Movie.objects.filter(id__in=[603, 604]).update(fetched_at=timezone.now() - OLD)


@pytest.fixture
def in_use(movies):
    Shelf.objects.create(movie_id=603)


def ids() -> set[int]:
    return set(Movie.objects.values_list("id", flat=True))


def test_old_movies_without_references_are_deleted(movies, tmdb, capsys):
    call_command("prune_movies")
    assert ids() == {550}
    assert capsys.readouterr().out == "Movies deleted: 2. Movies refetched: 0.\n"
    assert tmdb.requests()["total"] == 0


def test_old_movies_with_references_are_refetched(in_use, tmdb, capsys):
    call_command("prune_movies")
    assert ids() >= {550, 603}
    assert 604 not in tmdb.requests()["paths"]
    movie = Movie.objects.get(id=603)
    assert movie.runtime == 136
    assert timezone.now() - movie.fetched_at < timedelta(minutes=1)
    assert capsys.readouterr().out == "Movies deleted: 1. Movies refetched: 1.\n"


def test_a_deleted_movie_with_references_is_marked_and_kept(in_use, tmdb):
    tmdb.add_fault({"fault": "error", "status": 404, "code": 34, "path": "/movie/603"})
    call_command("prune_movies")
    assert Movie.objects.get(id=603).gone_at
    tmdb.forget_requests()
    call_command("prune_movies")
    assert tmdb.requests()["total"] == 0


def test_a_movie_that_cannot_be_refetched_is_named_and_kept(in_use, tmdb):
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    with pytest.raises(CommandError, match="1 could not be refetched: 603"):
        call_command("prune_movies")
    assert 603 in ids()


def test_a_movie_that_cannot_be_stored_is_named(in_use, tmdb, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("full")

    monkeypatch.setattr(store, "save_detail", fail)
    with pytest.raises(CommandError, match="1 could not be refetched: 603"):
        call_command("prune_movies")


def test_pruning_and_storing_do_not_deadlock(tmdb):
    ids = list(range(1, 61))
    page = [movie_summary(list_movie(each), ENGLISH_GENRES) for each in ids]
    store.save_summaries(page, complete=True)

    def save(seed: int) -> None:
        try:
            for turn in range(15):
                chosen = [page[(seed * 7 + turn * 5 + step) % 60] for step in range(20)]
                store.save_summaries(chosen, complete=True)
        finally:
            connection.close()

    def prune(_) -> None:
        try:
            for _ in range(15):
                prune_movies.delete_unreferenced(Movie.objects.filter(id__lt=40))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(lambda task: task(), [lambda: prune(0)] + [partial(save, n) for n in range(3)])
        )


def test_a_movies_own_genres_are_not_references(in_use):
    kept = Movie.objects.filter(prune_movies.referenced())
    assert list(kept.values_list("id", flat=True)) == [603]


def test_the_references_of_many_movies_are_looked_up_in_batches(tmdb, monkeypatch, capsys):
    monkeypatch.setattr(prune_movies, "BATCH", 7)
    page = [movie_summary(list_movie(each), ENGLISH_GENRES) for each in range(1, 31)]
    store.save_summaries(page, complete=True)
    Movie.objects.filter(id__gt=2).update(fetched_at=timezone.now() - OLD)
    Movie.objects.filter(id=9).update(gone_at=timezone.now())
    for movie_id in (9, 10, 30):
        Shelf.objects.create(movie_id=movie_id)
    tmdb.add_fault({"fault": "error", "status": 404, "code": 34, "path": "/movie/10"})
    tmdb.add_fault({"fault": "error", "status": 404, "code": 34, "path": "/movie/30"})
    with CaptureQueriesContext(connection) as captured:
        call_command("prune_movies")
    assert capsys.readouterr().out == "Movies deleted: 25. Movies refetched: 2.\n"
    assert ids() == {1, 2, 9, 10, 30}
    looked_up = [each["sql"] for each in captured if "EXISTS" in each["sql"]]
    assert looked_up and all('"id" IN (' in sql for sql in looked_up)
