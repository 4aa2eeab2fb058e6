"""train_recommender --ratings: training with a public dataset."""

import pytest
from django.core.management import CommandError

from movies.models import Movie
from users.models import User
from users.recommendations.learning.interactions import public_user_weight
from users.recommendations.models import FilmScalars, ItemModel

from .conftest import add_fans, favor, recommended, train

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def public(tmp_path, movie_ids):
    """A dataset in MovieLens format, with ids of its own for 40 movies and two others.

    Movie 603 is not in the database, and the last one is unknown to TMDb.
    """
    known = movie_ids[:40]
    lines = ["userId,movieId,rating,timestamp"]
    for user in range(1, 31):
        for position, _ in enumerate(known[user % 2 :: 2]):
            stars = 3.5 if position == 3 else 4.5
            lines.append(f"{user},{position * 2 + user % 2 + 1},{stars},0")
        lines.append(f"{user},901,5.0,0")
        lines.append(f"{user},902,5.0,0")
    (tmp_path / "ratings.csv").write_text("\n".join(lines) + "\n")
    links = ["movieId,imdbId,tmdbId"]
    links += [f"{number},{number:07},{movie_id}" for number, movie_id in enumerate(known, 1)]
    links += ["901,0133093,603", "902,0000002,"]
    (tmp_path / "links.csv").write_text("\n".join(links) + "\n")
    Movie.objects.filter(pk=603).delete()
    return {"ratings": tmp_path / "ratings.csv", "links": tmp_path / "links.csv"}


@pytest.fixture
def in_database(public, movie_ids) -> list[int]:
    """The movies that are still in the database."""
    return [movie_id for movie_id in movie_ids if movie_id != 603]


def test_a_site_without_users_can_train_on_a_public_dataset(ada, movie_ids, public, capsys):
    output = train(capsys, **public)
    assert "Each user of the public dataset counts as 1.00" in output
    assert User.objects.count() == 1
    trained = set(FilmScalars.objects.values_list("film", flat=True))
    # Movies rated 3.5 are not liked, and those outside the database not used.
    assert trained <= set(movie_ids[:40]) - {603}
    assert movie_ids[6] not in trained
    favor(ada, [movie_id for movie_id in movie_ids[0:24:2] if movie_id in trained][:8])
    assert recommended(ada)["strategy"] == "personal"


def test_the_next_run_reads_the_public_dataset_again(in_database, public, capsys):
    train(capsys, **public)
    add_fans([in_database[0::2], in_database[1::2]])
    output = train(capsys)
    assert f"Using {public['ratings']} like the current model" in output
    assert ItemModel.objects.serving().summary["users"] == 70
    train(capsys, own_alone=True)
    assert ItemModel.objects.serving().summary["users"] == 40
    assert "like the current model" not in train(capsys)


def test_a_missing_dataset_leaves_the_model_in_service(in_database, public, capsys):
    train(capsys, **public)
    serving = ItemModel.objects.serving()
    public["ratings"].unlink()
    add_fans([in_database[0::2], in_database[1::2]])
    with pytest.raises(CommandError, match="ratings.csv is missing. The current model was trained"):
        train(capsys)
    assert ItemModel.objects.serving() == serving


def test_missing_movies_are_fetched_once(public, tmdb, capsys):
    train(capsys, **public, fetch_missing=True)
    assert FilmScalars.objects.filter(film=603).exists()
    tmdb.forget_requests()
    train(capsys, **public, fetch_missing=True)
    assert tmdb.requests()["paths"] == {}


def test_fetching_stops_while_tmdb_is_down(public, tmdb, capsys):
    Movie.objects.exclude(pk=0).delete()
    tmdb.add_fault({"fault": "dropped"})
    with pytest.raises(CommandError, match="TMDb went down after .* of 39 movies"):
        train(capsys, **public, fetch_missing=True)


def test_the_public_datasets_weight_falls_as_the_site_grows():
    assert public_user_weight(0) == 1
    assert public_user_weight(50_000) == 0.5
    assert public_user_weight(5_000_000) < 0.01
