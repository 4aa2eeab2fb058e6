import pytest
from django.core.management import call_command
from django.utils import timezone

from movies.models import Movie
from users.models import FavoriteMovie, User
from users.tests.frontend import Frontend


@pytest.fixture
def movie_ids(db) -> list[int]:
    """The ids of 60 movies in the database, the most popular first."""
    page = Frontend()
    for number in range(1, 4):
        assert page.get(f"movies/popular/?page={number}").status_code == 200
    found = Movie.objects.filter(gone_at=None).order_by("-popularity", "id")
    return list(found.values_list("id", flat=True)[:60])


def add_fans(groups: list[list[int]], per_group: int = 20) -> None:
    """Add users who each like two thirds of the movies in a single group."""
    now = timezone.now()
    rows = []
    for position, group in enumerate(groups):
        for number in range(per_group):
            user = User.objects.create(username=f"fan-{position}-{number}")
            liked = [movie_id for index, movie_id in enumerate(group) if (index + number) % 3]
            rows += [FavoriteMovie(user=user, movie_id=each, added_at=now) for each in liked]
    FavoriteMovie.objects.bulk_create(rows)


@pytest.fixture
def tastes(transactional_db, movie_ids) -> tuple[list[int], list[int]]:
    """Two groups of 30 movies, liked by different people, and a model trained on them."""
    groups = movie_ids[0::2], movie_ids[1::2]
    add_fans(groups)
    call_command("train_recommender", verbosity=0)
    return groups


@pytest.fixture
def visitor(db) -> Frontend:
    return Frontend()


@pytest.fixture
def ada(movie_ids) -> Frontend:
    frontend = Frontend()
    frontend.register()
    return frontend


def train(capsys, **options) -> str:
    """Run the command, and return its output."""
    call_command("train_recommender", **options)
    return capsys.readouterr().out


def favor(page: Frontend, movie_ids: list[int]) -> None:
    body = {"add": [{"movie_id": movie_id} for movie_id in movie_ids]}
    assert page.post("users/favorites/bulk/", body).json()["added"] == movie_ids


def load_popular(page: Frontend) -> None:
    """Have the database store more movies, which the model of `tastes` does not know."""
    for number in range(4, 8):
        page.get(f"movies/popular/?page={number}")


def recommended(page: Frontend, query: str = "") -> dict:
    """Return an answer after checking what holds for every answer."""
    response = page.get(f"recommendations/{query}")
    assert response.status_code == 200, response.content
    body = response.json()
    ids = ids_of(body)
    assert len(set(ids)) == len(ids)
    scores = [each["score"] for each in body["results"]]
    assert scores == sorted(scores, reverse=True)
    assert all(each["sources"] for each in body["results"])
    return body


def ids_of(body: dict) -> list[int]:
    return [each["movie"]["id"] for each in body["results"]]


def reason_ids(result: dict) -> list[int]:
    return [reason["id"] for reason in result["because"]]


def preview(page: Frontend, *movie_ids: int):
    return page.post("recommendations/preview/", {"movie_ids": movie_ids})
