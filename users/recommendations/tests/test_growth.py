"""What recommendations read of a user's lists and of the catalogue, however long these are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from movies.models import Genre, Movie, MovieGenre
from users.lists.tests.builders import make_movies
from users.models import FavoriteMovie, HiddenMovie, Rating, User, Watchlist
from users.recommendations import feedback as feedback_module
from users.recommendations import popularity, ranking
from users.recommendations.candidates import allowed_movies
from users.recommendations.feedback import Feedback, feedback_of
from users.recommendations.models import ItemModel, Neighbour

from .conftest import favor, ids_of, recommended

postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="reads PostgreSQL's plans"
)


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("ada", "ada@films.example", None)


def add(entries, user, movie_ids, **fields) -> None:
    """Add entries, the last one newest."""
    start = timezone.now() - timedelta(days=1)
    entries.objects.bulk_create(
        entries(user=user, movie_id=movie_id, added_at=start + timedelta(seconds=age), **fields)
        for age, movie_id in enumerate(movie_ids)
    )


def test_the_newest_entries_of_each_list_are_feedback(user, monkeypatch):
    monkeypatch.setattr(feedback_module, "MAX_ENTRIES", 3)
    make_movies(20)
    add(FavoriteMovie, user, range(1, 6))
    add(Rating, user, range(6, 11), rating=2)
    add(Watchlist, user, range(11, 13))
    found = feedback_of(user, None)
    assert [each.movie_id for each in found] == [5, 4, 3, 10, 9, 8, 12, 11]
    assert {each.movie_id for each in found if not each.is_reason} == {8, 9, 10}


def test_a_movie_on_several_lists_has_its_highest_weight_and_newest_time(user):
    make_movies(5)
    add(FavoriteMovie, user, [1, 2])
    add(Rating, user, [3, 1], rating=3)
    add(HiddenMovie, user, [2])
    first, second = feedback_of(user, None)
    assert (first.movie_id, first.weight, first.is_reason) == (1, 1.0, False)
    assert (second.movie_id, second.weight) == (3, 0.3)


def scanned(query: str, parameters: list) -> dict[str, int]:
    """Return the number of rows that PostgreSQL reads of each table."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", parameters)
        plan = cursor.fetchone()[0]
    found: dict[str, int] = {}
    nodes = [plan[0]["Plan"]]
    for node in nodes:
        nodes += node.get("Plans", [])
        if table := node.get("Relation Name"):
            removed = node.get("Rows Removed by Filter", 0)
            rows = (node["Actual Rows"] + removed) * node["Actual Loops"]
            found[table] = found.get(table, 0) + round(rows)
    return found


@postgresql_only
def test_only_as_many_movies_are_looked_up_as_are_recommended(ada, tastes):
    user, model = User.objects.get(username="ada"), ItemModel.objects.serving()
    make_more_movies(3000)
    favor(ada, tastes[0][:8])
    feedback = feedback_of(user, model)
    query = ranking.ranking_query(model, feedback, allowed_movies(user=user), 5)
    # At most the eight favorites, which are the only ones not allowed, and five others.
    assert scanned(*query)["movies_movie"] <= 13


@postgresql_only
def test_popular_movies_of_a_rare_genre_are_found_by_the_genre(user):
    make_movies(5000)
    rare = Genre.objects.create(id=37, name="Western")
    MovieGenre.objects.bulk_create(
        MovieGenre(movie_id=movie_id, genre=rare, position=2) for movie_id in range(1, 5000, 500)
    )
    Movie.objects.update(popularity=1.5)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    allowed = allowed_movies(user=user, genres=[37])
    with CaptureQueriesContext(connection) as captured:
        found = popularity.most_popular(allowed, 5, [])
    assert found == [1, 501, 1001, 1501, 2001]
    [query] = captured
    assert scanned(query["sql"].replace("%", "%%"), [])["movies_movie"] <= 10


def make_more_movies(number: int) -> None:
    now = timezone.now()
    Movie.objects.bulk_create(
        Movie(id=2_000_000 + each, title="x", folded_title="x", fetched_at=now)
        for each in range(number)
    )


def test_weaker_feedback_adds_less(tastes):
    model = ItemModel.objects.serving()
    one, other, third = tastes[0][:3]
    Neighbour.objects.filter(model=model.pk).delete()
    Neighbour.objects.bulk_create(
        [Neighbour(model.pk, one, third, 1000, 0), Neighbour(model.pk, other, third, 2000, 0)]
    )

    def score(*weights: float) -> float:
        feedback = [
            Feedback(movie_id, "", weight, True, True)
            for movie_id, weight in zip((one, other), weights)
        ]
        ranked = ranking.ranked_movies(model, feedback, allowed_movies(), 100)
        return next(each.neighbour_score for each in ranked if each.movie_id == third)

    assert score(1.0) == pytest.approx(0.05)
    assert score(1.0, 1.0) == pytest.approx(0.15)
    assert score(1.0, 0.3) == pytest.approx(0.08)


def test_genres_and_exclusions_apply_together(ada, tastes):
    favor(ada, tastes[0][:6])
    drama = ids_of(recommended(ada, "?genres=18&limit=10"))
    ada.post("users/hidden/", {"movie_id": drama[0]})
    again = ids_of(recommended(ada, f"?genres=18&limit=10&exclude={drama[1]}"))
    assert again[: len(drama) - 2] == drama[2:]
