"""While TMDb is down, the database honours every parameter of a question or does not answer.

The tests walk all rows of movies/questions.py, so a new row needs only an entry in SAMPLES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from movies import questions
from movies.genres import ENGLISH_GENRES
from movies.models import Movie
from movies.question import Parameter, Question
from movies.services.mapping.summary import movie_summary
from movies.store import writing
from movies.tests.builders import list_movie

pytestmark = pytest.mark.django_db

FROM_DATABASE = "catalogue; fwd=miss; detail=database"
QUESTIONS = [each for each in vars(questions).values() if isinstance(each, Question)]
IN_DATABASE = [question for question in QUESTIONS if question.database]


@dataclass(frozen=True)
class Sample:
    """A value for a parameter, other than its default.

    `holds` says whether a movie matches the value. It is None if the parameter does not choose
    movies; the answer then `differs` from the one without the parameter, or not.
    """

    value: str
    holds: Callable[[Movie], bool] | None = None
    differs: bool = True


def genres_of(movie: Movie) -> set[int]:
    return set(movie.genres.values_list("id", flat=True))


SAMPLES = {
    "language": Sample("de", differs=False),
    "page": Sample("2"),
    "region": Sample("DE"),
    "window": Sample("day"),
    "query": Sample("old", lambda movie: "Old" in movie.title),
    "include_adult": Sample("true"),
    "year": Sample("1999", lambda movie: movie.release_date.year == 1999),
    "genres": Sample("28,878", lambda movie: {28, 878} <= genres_of(movie)),
    "exclude_genres": Sample("28", lambda movie: 28 not in genres_of(movie)),
    "released_after": Sample("2010-01-01", lambda movie: movie.release_date >= date(2010, 1, 1)),
    "released_before": Sample("2009-12-31", lambda movie: movie.release_date < date(2010, 1, 1)),
    "min_rating": Sample("8", lambda movie: movie.vote_average >= 8),
    "min_votes": Sample("5000", lambda movie: movie.vote_count >= 5000),
    "min_runtime": Sample("120", lambda movie: movie.runtime >= 120),
    "max_runtime": Sample("100", lambda movie: movie.runtime <= 100),
    "original_language": Sample("fr", lambda movie: movie.original_language == "fr"),
    "sort": Sample("release_date"),
}

REQUIRED = {"query": "movie"}  # values that match all movies

OLD = {
    "title": "Old Movie",
    "release_date": "1999-03-31",
    "genre_ids": [28, 878],
    "original_language": "en",
    "vote_average": 8.5,
    "vote_count": 6000,
}
NEW = {
    "title": "New Movie",
    "release_date": "2019-05-21",
    "genre_ids": [18],
    "original_language": "fr",
    "vote_average": 6.5,
    "vote_count": 600,
}


@pytest.fixture
def down(client, outage) -> None:
    """TMDb is down, and the database has two pages of movies, of which each filter matches half."""
    movies = [
        list_movie(each, **(OLD if each % 2 else NEW), popularity=each) for each in range(1, 31)
    ]
    writing.save_summaries([movie_summary(each, ENGLISH_GENRES) for each in movies], complete=True)
    Movie.objects.filter(title="Old Movie").update(runtime=130)
    Movie.objects.filter(title="New Movie").update(runtime=90)
    outage()


def ask(client, question: Question, **values: str):
    """Ask a question with these values, and with values for its other required parameters."""
    names = (each.name for each in question.parameters if each.field.required)
    required = {name: REQUIRED[name] for name in names}
    return client.get(f"/api/{question.path}", required | values)


def rows(known: bool) -> list:
    """Return the parameters that the database knows, or those that it does not, for pytest."""
    return [
        pytest.param(question, parameter, id=f"{question.group.name}-{parameter.name}")
        for question in IN_DATABASE
        for parameter in question.parameters
        if (parameter.database is not None) is known
    ]


def test_every_parameter_has_a_sample():
    names = {parameter.name for question in QUESTIONS for parameter in question.parameters}
    assert names == SAMPLES.keys()


@pytest.mark.parametrize("question", IN_DATABASE, ids=lambda question: question.group.name)
def test_without_parameters_the_database_answers(client, down, question):
    response = ask(client, question)
    assert response["Cache-Status"] == FROM_DATABASE
    assert response.json()["total_results"] == 30


@pytest.mark.parametrize("question, parameter", rows(known=False))
def test_with_a_parameter_that_the_database_does_not_know_the_answer_is_a_503(
    client, down, question: Question, parameter: Parameter
):
    response = ask(client, question, **{parameter.name: SAMPLES[parameter.name].value})
    assert response.status_code == 503
    assert "results" not in response.json()


@pytest.mark.parametrize("question, parameter", rows(known=True))
def test_with_a_parameter_that_the_database_knows_the_answer_honours_it(
    client, down, question: Question, parameter: Parameter
):
    sample = SAMPLES[parameter.name]
    response = ask(client, question, **{parameter.name: sample.value})
    assert response.status_code == 200
    assert response["Cache-Status"] == FROM_DATABASE
    body = response.json()
    if sample.holds is None:
        assert (body != ask(client, question).json()) is sample.differs
        return
    found = Movie.objects.filter(id__in=[movie["id"] for movie in body["results"]])
    assert found and all(sample.holds(movie) for movie in found)
    matching = [movie for movie in Movie.objects.all() if sample.holds(movie)]
    assert body["total_results"] == len(matching) == 15


@pytest.mark.parametrize(
    "path", ["popular/?region=DE", "discover/?region=DE", "search/?query=movie&include_adult=true"]
)
def test_these_answers_cannot_come_from_the_database(client, down, path):
    assert client.get(f"/api/movies/{path}").status_code == 503


def test_a_parameter_with_its_default_value_counts_as_not_given(client, down):
    response = client.get("/api/movies/search/?query=movie&include_adult=false")
    assert response["Cache-Status"] == FROM_DATABASE
