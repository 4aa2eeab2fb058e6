import pytest
from django.core.management import call_command
from django.utils import timezone

from movies.models import Movie
from users.models import FavoriteMovie, User
from users.tests.frontend import Frontend


@pytest.fixture
def films(db) -> list[int]:
    """The ids of 60 films that the database knows, popular ones first."""
    page = Frontend()
    for number in range(1, 4):
        assert page.get(f"movies/popular/?page={number}").status_code == 200
    found = Movie.objects.filter(gone_at=None).order_by("-popularity", "id")
    return list(found.values_list("id", flat=True)[:60])


def people_like(groups: list[list[int]], each: int = 20) -> None:
    """Make users who like films of one group alone: two of three, others for everybody."""
    now = timezone.now()
    rows = []
    for place, group in enumerate(groups):
        for number in range(each):
            user = User.objects.create(username=f"fan-{place}-{number}")
            liked = [film for index, film in enumerate(group) if (index + number) % 3]
            rows += [FavoriteMovie(user=user, movie_id=film, added_at=now) for film in liked]
    FavoriteMovie.objects.bulk_create(rows)


@pytest.fixture
def tastes(transactional_db, films) -> tuple[list[int], list[int]]:
    """Two groups of 30 films, liked by different people, and a model that has learnt it."""
    groups = films[0::2], films[1::2]
    people_like(groups)
    call_command("train_recommender", verbosity=0)
    return groups


@pytest.fixture
def visitor(db) -> Frontend:
    return Frontend()


@pytest.fixture
def ada(films) -> Frontend:
    frontend = Frontend()
    frontend.register()
    return frontend


def train(capsys, **options) -> str:
    call_command("train_recommender", **options)
    return capsys.readouterr().out


def favor(page: Frontend, films: list[int]) -> None:
    body = {"add": [{"movie_id": film} for film in films]}
    assert page.post("users/favorites/bulk/", body).json()["added"] == films


def recommended(page: Frontend, query: str = "") -> dict:
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
