"""train_recommender --ratings: what a public set adds."""

import pytest
from django.core.management import CommandError

from movies.models import Movie
from users.models import User
from users.recommendations.learning.interactions import public_user_weight
from users.recommendations.models import FilmScalars, ItemModel

from .conftest import favor, people_like, recommended, train

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def public(tmp_path, films):
    """A set in MovieLens format, its films under other ids; one is unknown here, one nowhere."""
    known = films[:40]
    lines = ["userId,movieId,rating,timestamp"]
    for user in range(1, 31):
        for place, film in enumerate(known[user % 2 :: 2]):
            lines.append(f"{user},{place * 2 + user % 2 + 1},{3.5 if place == 3 else 4.5},0")
        lines.append(f"{user},901,5.0,0")
        lines.append(f"{user},902,5.0,0")
    (tmp_path / "ratings.csv").write_text("\n".join(lines) + "\n")
    links = ["movieId,imdbId,tmdbId"]
    links += [f"{place},{place:07},{film}" for place, film in enumerate(known, 1)]
    links += ["901,0133093,603", "902,0000002,"]
    (tmp_path / "links.csv").write_text("\n".join(links) + "\n")
    Movie.objects.filter(pk=603).delete()
    return {"ratings": tmp_path / "ratings.csv", "links": tmp_path / "links.csv"}


def test_a_public_set_makes_a_site_without_users_answer(ada, films, public, capsys):
    said = train(capsys, **public)
    assert "Each user of the public dataset counts as 1.00" in said
    assert User.objects.count() == 1
    learnt = set(FilmScalars.objects.values_list("film", flat=True))
    # Rated 3.5 only, or unknown to the database.
    assert learnt <= set(films[:40]) - {603}
    assert films[6] not in learnt
    favor(ada, [film for film in films[0:24:2] if film in learnt][:8])
    assert recommended(ada)["strategy"] == "personal"


def test_the_next_run_reads_the_public_set_again(films, public, capsys):
    train(capsys, **public)
    here = [film for film in films if film != 603]
    people_like([here[0::2], here[1::2]])
    said = train(capsys)
    assert f"Using {public['ratings']} like the current model" in said
    assert ItemModel.objects.serving().summary["users"] == 70
    train(capsys, own_alone=True)
    assert ItemModel.objects.serving().summary["users"] == 40
    assert "like the current model" not in train(capsys)


def test_a_public_set_that_is_gone_costs_no_model(films, public, capsys):
    train(capsys, **public)
    serving = ItemModel.objects.serving()
    public["ratings"].unlink()
    here = [film for film in films if film != 603]
    people_like([here[0::2], here[1::2]])
    with pytest.raises(
        CommandError, match="ratings.csv is missing. The current model was trained on it"
    ):
        train(capsys)
    assert ItemModel.objects.serving() == serving


def test_missing_films_are_fetched_once(public, tmdb, capsys):
    train(capsys, **public, fetch_missing=True)
    assert FilmScalars.objects.filter(film=603).exists()
    tmdb.forget_requests()
    train(capsys, **public, fetch_missing=True)
    assert tmdb.requests()["paths"] == {}


def test_fetching_stops_while_tmdb_is_down(public, tmdb, capsys):
    Movie.objects.exclude(pk=0).delete()
    tmdb.add_fault({"fault": "dropped"})
    with pytest.raises(CommandError, match="TMDb is down after .* of 39 movies"):
        train(capsys, **public, fetch_missing=True)


def test_a_public_set_fades_as_the_site_grows():
    assert public_user_weight(0) == 1
    assert public_user_weight(50_000) == 0.5
    assert public_user_weight(5_000_000) < 0.01
