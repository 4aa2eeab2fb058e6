"""train_recommender: what it learns, stores and reports."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.utils import timezone

from users.models import FavoriteMovie, Rating, User
from users.recommendations.learning import storing
from users.recommendations.learning.interactions import build_matrix, site_likes
from users.recommendations.models import FilmScalars, ItemModel, Neighbour

from .conftest import add_fans, train

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_output_summarizes_the_model(movie_ids, capsys):
    add_fans([movie_ids[0::2], movie_ids[1::2]])
    output = train(capsys)
    assert "films: 60, users: 40, interactions: 800" in output
    assert "The new model is now served." in output
    model = ItemModel.objects.serving()
    assert model.summary["rows"] == Neighbour.objects.filter(model=model.pk).count() > 1000
    assert FilmScalars.objects.filter(model=model).count() == 60
    assert all(each.support == 13 or each.support == 14 for each in model.films.all())


def test_the_summary_is_stored(tastes):
    summary = ItemModel.objects.serving().summary
    assert json.dumps(summary)
    assert summary["films"] == 60
    assert summary["peak_memory_mb"] > 0


def test_too_little_data_changes_nothing(ada, tastes, capsys):
    serving = ItemModel.objects.serving()
    User.objects.filter(username__startswith="fan").delete()
    assert "Nothing changed, because there is too little data" in train(capsys)
    assert ItemModel.objects.serving() == serving
    assert ItemModel.objects.count() == 1


def test_ratings_of_8_or_more_are_likes(movie_ids, capsys):
    add_fans([movie_ids[0::2], movie_ids[1::2]])
    liked, disliked = movie_ids[:2]
    for user in User.objects.all():
        Rating.objects.create(user=user, movie_id=liked, rating=8, added_at=user.date_joined)
        Rating.objects.create(user=user, movie_id=disliked, rating=7, added_at=user.date_joined)
    train(capsys)
    support = dict(FilmScalars.objects.values_list("film", "support"))
    assert support[liked] == 40
    assert support[disliked] == 13


def test_movies_beyond_the_limit_with_the_fewest_likes_are_left_out(movie_ids, capsys):
    add_fans([movie_ids[0::2], movie_ids[1::2]])
    rare = movie_ids[10:20]
    few = FavoriteMovie.objects.filter(movie__in=rare, user__username__endswith="1")
    FavoriteMovie.objects.filter(movie__in=rare).exclude(pk__in=few).delete()
    assert "Left out" not in train(capsys, min_support=1)
    output = train(capsys, min_support=1, max_films=50)
    assert "Left out the 10 movies with the fewest likes, because of --max-films 50." in output
    kept = ItemModel.objects.serving().films.values_list("film", flat=True)
    assert set(kept) == set(movie_ids) - set(rare)


def test_a_favorite_with_a_high_rating_is_a_single_like(tastes, capsys):
    before = len(site_likes())
    for each in FavoriteMovie.objects.all():
        Rating.objects.create(
            user=each.user, movie=each.movie, rating=9, added_at=each.user.date_joined
        )
    assert len(site_likes()) == before == 800


def test_the_pairs_are_in_memory_only_once(tastes):
    likes = site_likes()
    assert build_matrix(likes).interactions == 800
    assert len(likes) == 0


def test_a_dry_run_stores_nothing(tastes, capsys):
    before = list(ItemModel.objects.values()), Neighbour.objects.count()
    assert "Dry run: nothing was stored." in train(capsys, dry_run=True)
    assert (list(ItemModel.objects.values()), Neighbour.objects.count()) == before


def test_the_two_newest_models_are_kept(tastes, capsys):
    for _ in range(3):
        train(capsys)
    models = list(ItemModel.objects.order_by("id").values_list("pk", flat=True))
    assert len(models) == 2
    with_rows = Neighbour.objects.order_by("model").values_list("model", flat=True).distinct()
    assert list(with_rows) == models
    assert ItemModel.objects.serving().pk == models[-1]


def test_leftovers_of_an_interrupted_run_are_deleted_even_if_there_is_too_little_data(
    tastes, capsys
):
    unfinished = ItemModel.objects.create(started_at=timezone.now())
    rows = [Neighbour(unfinished.pk, 1, other, 1, 1) for other in range(2, 40)]
    # The model of these rows was deleted before them.
    rows.append(Neighbour(unfinished.pk + 1, 1, 2, 1, 1))
    Neighbour.objects.bulk_create(rows)
    User.objects.filter(username__startswith="fan").delete()
    assert "Nothing changed" in train(capsys)
    models = list(ItemModel.objects.values_list("pk", flat=True))
    assert unfinished.pk not in models
    assert set(Neighbour.objects.values_list("model", flat=True)) == set(models)


def test_rows_are_deleted_in_batches(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(storing, "BATCH_SIZE", 100)
    sizes = {1: 40, 2: 40, 3: 40, 4: 120}
    Neighbour.objects.bulk_create(
        Neighbour(99, movie_id, other, 1, 1)
        for movie_id, size in sizes.items()
        for other in range(size)
    )
    with django_assert_max_num_queries(20) as captured:
        storing.remove_old_models()
    deletions = [each["sql"] for each in captured if "DELETE" in each["sql"]]
    # Movies 1 and 2 together, then 3, then 4.
    assert len(deletions) == 3
    assert not Neighbour.objects.filter(model=99).exists()


@pytest.mark.parametrize(
    "options, message",
    [
        ({"ratings": "x"}, "--ratings and --links require each other."),
        ({"fetch_missing": True}, "--fetch-missing requires --ratings."),
        (
            {"ratings": "x", "links": "x", "own_alone": True},
            "--own-alone cannot be combined with --ratings.",
        ),
        (
            {"ratings": "x", "links": "x", "fetch_missing": True, "dry_run": True},
            "cannot be combined with --dry-run.",
        ),
        ({"rows": 0}, "--rows must be at least 1."),
        ({"rows": 2501}, "--rows must be at most 2500."),
        ({"lambda_short": float("nan")}, "--lambda-short must be above 0 and at most 1e9."),
        ({"lambda_long": 1e42}, "--lambda-long must be above 0 and at most 1e9."),
        ({"ratings": "nowhere.csv", "links": "nowhere.csv"}, "nowhere.csv: No such file"),
    ],
)
def test_invalid_options_are_rejected(capsys, options, message):
    paths = {name: Path(each) for name, each in options.items() if isinstance(each, str)}
    with pytest.raises(CommandError, match=message):
        train(capsys, **options | paths)
