"""train_recommender: whatever goes wrong, a complete model is served at all times."""

import threading

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from movies.models import Movie
from users.models import FavoriteMovie
from users.recommendations.learning import gram, storing, training
from users.recommendations.learning.fit import fit
from users.recommendations.learning.training import exclusive_training_lock
from users.recommendations.models import ItemModel, Neighbour

from .conftest import favor, ids_of, recommended, train

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("step", ["write_item_biases", "write_neighbours", "activate", "vacuum"])
def test_an_interrupted_run_changes_no_answer(ada, tastes, capsys, monkeypatch, step):
    favor(ada, tastes[0][:8])
    train(capsys)
    before = recommended(ada)

    def interrupt(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(storing, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(capsys)
    after = recommended(ada)
    assert ids_of(after) == ids_of(before)
    # Before the last step, the new model is already served.
    assert (after["trained_at"] == before["trained_at"]) == (step != "vacuum")
    train(capsys)
    assert ItemModel.objects.filter(activated_at=None).count() == 0
    assert Neighbour.objects.values("model").distinct().count() == 2


def test_the_previous_model_answers_during_a_run(ada, tastes, capsys, monkeypatch):
    favor(ada, tastes[0][:8])
    before = recommended(ada)
    during = []
    write = storing.write_neighbours

    def write_and_ask(*args):
        write(*args)
        during.append(recommended(ada))

    monkeypatch.setattr(storing, "write_neighbours", write_and_ask)
    train(capsys)
    assert during and all(each == before for each in during)
    assert recommended(ada)["trained_at"] > before["trained_at"]


def test_a_second_run_at_the_same_time_is_refused(tastes):
    errors = []

    def second_run():
        try:
            call_command("train_recommender")
        except CommandError as error:
            errors.append(str(error))
        finally:
            connection.close()

    with exclusive_training_lock():
        # With a pooler, a run may continue on another connection.
        connection.close()
        thread = threading.Thread(target=second_run, daemon=True)
        thread.start()
        thread.join(timeout=60)
    assert errors == ["Another training run is in progress."]
    call_command("train_recommender")


def test_a_model_that_is_deleted_during_training_is_not_served(tastes, monkeypatch):
    serving = ItemModel.objects.serving()
    write = storing.write_neighbours

    def write_and_delete(model, *args):
        write(model, *args)
        ItemModel.objects.filter(pk=model.pk).delete()

    monkeypatch.setattr(storing, "write_neighbours", write_and_delete)
    with pytest.raises(CommandError, match="The new model was deleted during training"):
        call_command("train_recommender")
    assert ItemModel.objects.serving() == serving


def test_a_matrix_that_cannot_be_inverted_is_reported(tastes, capsys, monkeypatch):
    indefinite = -np.eye(3, dtype=np.float32)
    monkeypatch.setattr(training, "fit", lambda *args, **options: gram.invert(indefinite))
    with pytest.raises(CommandError, match="The model has no solution with this lambda"):
        train(capsys)


@pytest.mark.parametrize("part", ["b", "c", "L"])
def test_a_model_with_infinities_is_not_served(tastes, capsys, monkeypatch, part):
    serving = ItemModel.objects.serving()

    def fit_with_overflow(*args, **options):
        fitted = fit(*args, **options)
        getattr(fitted, part)[-1] = np.inf
        return fitted

    monkeypatch.setattr(training, "fit", fit_with_overflow)
    with pytest.raises(CommandError, match="The model has no solution with this lambda"):
        train(capsys)
    assert ItemModel.objects.serving() == serving


def test_a_model_without_any_similarities_can_be_stored(tastes, capsys):
    train(capsys, lambda_short=1e9, lambda_long=1e9)
    assert ItemModel.objects.serving().summary["rows"] < 100


def test_a_movie_that_is_deleted_during_training_changes_nothing(tastes, capsys, monkeypatch):
    serving = ItemModel.objects.serving()
    write = storing.write_item_biases

    def delete_and_write(model, fitted, movie_ids):
        FavoriteMovie.objects.filter(movie=movie_ids[0]).delete()
        Movie.objects.filter(pk=movie_ids[0]).delete()
        write(model, fitted, movie_ids)

    monkeypatch.setattr(storing, "write_item_biases", delete_and_write)
    with pytest.raises(CommandError, match="A movie was deleted during training"):
        train(capsys)
    assert ItemModel.objects.serving() == serving


def test_a_run_may_follow_before_the_session_of_the_last_one_has_ended(monkeypatch):
    """PostgreSQL ends it, and would release its lock, only after the connection is closed."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's lock is a file")
    sessions = []
    with monkeypatch.context() as patched:
        database = type(connections["default"])
        patched.setattr(database, "close", lambda session: sessions.append(session))
        for _ in range(2):
            with exclusive_training_lock():
                pass
    for session in sessions:
        session.close()
