"""train_recommender: what is served before, during and after it."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from movies.models import Movie
from users.models import FavoriteMovie, Rating, User
from users.recommendations.learning import gram, storing, training
from users.recommendations.learning.fit import fit
from users.recommendations.learning.interactions import build_matrix, site_likes
from users.recommendations.learning.training import exclusive_training_lock
from users.recommendations.models import FilmScalars, ItemModel, Neighbour

from .conftest import favor, ids_of, people_like, recommended, train

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_says_what_it_learnt(films, capsys):
    people_like([films[0::2], films[1::2]])
    said = train(capsys)
    assert "films: 60, users: 40, interactions: 800" in said
    assert "The new model is now served." in said
    model = ItemModel.objects.serving()
    assert model.summary["rows"] == Neighbour.objects.filter(model=model.pk).count() > 1000
    assert FilmScalars.objects.filter(model=model).count() == 60
    assert all(each.support == 13 or each.support == 14 for each in model.films.all())


def test_with_too_little_nothing_changes(ada, tastes, capsys):
    serving = ItemModel.objects.serving()
    User.objects.filter(username__startswith="fan").delete()
    assert "Nothing changed, because there is too little data" in train(capsys)
    assert ItemModel.objects.serving() == serving
    assert ItemModel.objects.count() == 1


def test_ratings_of_eight_and_more_are_likes(films, capsys):
    people_like([films[0::2], films[1::2]])
    for user in User.objects.all():
        Rating.objects.create(user=user, movie_id=films[0], rating=8, added_at=user.date_joined)
        Rating.objects.create(user=user, movie_id=films[1], rating=7, added_at=user.date_joined)
    train(capsys)
    support = dict(FilmScalars.objects.values_list("film", "support"))
    assert support[films[0]] == 40
    assert support[films[1]] == 13


def test_a_dry_run_writes_nothing(tastes, capsys):
    before = list(ItemModel.objects.values()), Neighbour.objects.count()
    assert "Dry run: nothing was stored." in train(capsys, dry_run=True)
    assert (list(ItemModel.objects.values()), Neighbour.objects.count()) == before


def test_two_models_are_kept(tastes, capsys):
    for _ in range(3):
        train(capsys)
    models = list(ItemModel.objects.order_by("id").values_list("pk", flat=True))
    assert len(models) == 2
    numbers = Neighbour.objects.order_by("model").values_list("model", flat=True).distinct()
    assert list(numbers) == models
    assert ItemModel.objects.serving().pk == models[-1]


@pytest.mark.parametrize("moment", ["write_item_biases", "write_neighbours", "activate", "vacuum"])
def test_a_run_that_ends_in_the_middle_changes_no_answer(ada, tastes, capsys, monkeypatch, moment):
    favor(ada, tastes[0][:8])
    train(capsys)
    served = recommended(ada)

    def ends(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(storing, moment, ends)
        with pytest.raises(KeyboardInterrupt):
            train(capsys)
    # What comes after the new model was served takes nothing away.
    after = recommended(ada)
    assert ids_of(after) == ids_of(served)
    assert (after["trained_at"] == served["trained_at"]) == (moment != "vacuum")
    train(capsys)
    assert ItemModel.objects.filter(activated_at=None).count() == 0
    assert Neighbour.objects.values("model").distinct().count() == 2


def test_answers_during_a_run_are_the_former_models(ada, tastes, capsys, monkeypatch):
    favor(ada, tastes[0][:8])
    before = recommended(ada)
    seen = []
    write = storing.write_neighbours

    def written(*args):
        write(*args)
        seen.append(recommended(ada))

    monkeypatch.setattr(storing, "write_neighbours", written)
    train(capsys)
    assert seen and all(each == before for each in seen)
    assert recommended(ada)["trained_at"] > before["trained_at"]


def test_two_runs_at_once_are_refused(tastes):
    refused = []

    def second():
        try:
            call_command("train_recommender")
        except CommandError as error:
            refused.append(str(error))
        finally:
            connection.close()

    with exclusive_training_lock():
        # What a pooler does: the run goes on over another connection.
        connection.close()
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert refused == ["Another training run is in progress."]
    call_command("train_recommender")


def test_a_model_that_is_removed_before_it_is_served_is_not(tastes, monkeypatch):
    serving = ItemModel.objects.serving()
    write = storing.write_neighbours

    def removed(model, *args):
        write(model, *args)
        ItemModel.objects.filter(pk=model.pk).delete()

    monkeypatch.setattr(storing, "write_neighbours", removed)
    with pytest.raises(CommandError, match="The new model was deleted during training"):
        call_command("train_recommender")
    assert ItemModel.objects.serving() == serving


def test_what_an_ended_run_left_is_removed_even_where_there_is_too_little(tastes, capsys):
    unfinished = ItemModel.objects.create(started_at=timezone.now())
    rows = [Neighbour(unfinished.pk, 1, other, 1, 1) for other in range(2, 40)]
    # Of a run that was removed in the middle.
    rows.append(Neighbour(unfinished.pk + 1, 1, 2, 1, 1))
    Neighbour.objects.bulk_create(rows)
    User.objects.filter(username__startswith="fan").delete()
    assert "Nothing changed" in train(capsys)
    models = list(ItemModel.objects.values_list("pk", flat=True))
    assert unfinished.pk not in models
    assert set(Neighbour.objects.values_list("model", flat=True)) == set(models)


def test_rows_are_removed_a_batch_at_a_time(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(storing, "BATCH_SIZE", 100)
    sizes = {1: 40, 2: 40, 3: 40, 4: 120}
    Neighbour.objects.bulk_create(
        Neighbour(99, film, other, 1, 1) for film, size in sizes.items() for other in range(size)
    )
    with django_assert_max_num_queries(20) as captured:
        storing.remove_old_models()
    deleted = [each["sql"] for each in captured if "DELETE" in each["sql"]]
    # Films 1 and 2, 3, and 4.
    assert len(deleted) == 3
    assert not Neighbour.objects.filter(model=99).exists()


def test_what_cannot_be_solved_is_one_sentence(tastes, capsys, monkeypatch):
    unsolvable = -np.eye(3, dtype=np.float32)
    monkeypatch.setattr(training, "fit", lambda *args, **options: gram.invert(unsolvable))
    with pytest.raises(CommandError, match="The model has no solution with this lambda"):
        train(capsys)


@pytest.mark.parametrize("part", ["b", "c", "L"])
def test_a_model_without_numbers_is_not_served(tastes, capsys, monkeypatch, part):
    serving = ItemModel.objects.serving()

    def overflowed(*args, **options):
        fitted = fit(*args, **options)
        getattr(fitted, part)[-1] = np.inf
        return fitted

    monkeypatch.setattr(training, "fit", overflowed)
    with pytest.raises(CommandError, match="The model has no solution with this lambda"):
        train(capsys)
    assert ItemModel.objects.serving() == serving


def test_a_model_that_says_nothing_is_no_crash(tastes, capsys):
    train(capsys, lambda_short=1e9, lambda_long=1e9)
    assert ItemModel.objects.serving().summary["rows"] < 100


def test_a_film_that_is_deleted_meanwhile_costs_no_model(tastes, capsys, monkeypatch):
    serving = ItemModel.objects.serving()
    write = storing.write_item_biases

    def after_deletion(model, fitted, films):
        FavoriteMovie.objects.filter(movie=films[0]).delete()
        Movie.objects.filter(pk=films[0]).delete()
        write(model, fitted, films)

    monkeypatch.setattr(storing, "write_item_biases", after_deletion)
    with pytest.raises(CommandError, match="A movie was deleted during training"):
        train(capsys)
    assert ItemModel.objects.serving() == serving


def test_the_pairs_are_in_memory_once(tastes):
    likes = site_likes()
    assert build_matrix(likes).interactions == 800
    assert len(likes) == 0


def test_a_favorite_that_is_rated_well_is_one_like(tastes, capsys):
    before = len(site_likes())
    for each in FavoriteMovie.objects.all():
        Rating.objects.create(
            user=each.user, movie=each.movie, rating=9, added_at=each.user.date_joined
        )
    assert len(site_likes()) == before == 800


@pytest.mark.parametrize(
    "options, said",
    [
        ({"ratings": "x"}, "--ratings and --links require each other."),
        ({"fetch_missing": True}, "--fetch-missing requires --ratings."),
        ({"ratings": "x", "links": "x", "own_alone": True}, "cannot be combined with --ratings."),
        (
            {"ratings": "x", "links": "x", "fetch_missing": True, "dry_run": True},
            "cannot be combined with --dry",
        ),
        ({"rows": 0}, "--rows must be at least 1."),
        ({"rows": 2501}, "--rows must be at most 2500."),
        ({"lambda_short": float("nan")}, "--lambda-short must be above 0 and at most 1e9."),
        ({"lambda_long": 1e42}, "--lambda-long must be above 0 and at most 1e9."),
        ({"ratings": "nowhere.csv", "links": "nowhere.csv"}, "nowhere.csv: No such file"),
    ],
)
def test_wrong_options_are_refused(capsys, options, said):
    paths = {name: Path(each) for name, each in options.items() if isinstance(each, str)}
    with pytest.raises(CommandError, match=said):
        train(capsys, **options | paths)


def test_the_summary_is_kept(tastes):
    summary = ItemModel.objects.serving().summary
    assert json.dumps(summary)
    assert summary["films"] == 60
    assert summary["peak_memory_mb"] > 0
