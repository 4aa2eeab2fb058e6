"""GET /api/movies/search/"""

import pytest

pytestmark = pytest.mark.django_db

URL = "/api/movies/search/"


def titles(client, query: str, **more) -> list[str]:
    response = client.get(URL, {"query": query} | more)
    assert response.status_code == 200
    return [movie["title"] for movie in response.json()["results"]]


def test_a_movie_is_found_by_its_title(client):
    assert titles(client, "matrix")[0] == "The Matrix"


@pytest.mark.parametrize(
    "query, title",
    [
        ("amelie", "Amélie"),
        ("AMÉLIE", "Amélie"),
        ("千と千尋", "Spirited Away"),
        ("Sen to Chihiro", "Spirited Away"),
        ("  the   dark  knight ", "The Dark Knight"),
    ],
)
def test_a_movie_is_found_by_any_title_whatever_its_accents_case_and_spaces(client, query, title):
    assert titles(client, query)[0] == title


def test_a_year_limits_the_results(client):
    found = titles(client, "matrix", year=2003)
    assert sorted(found) == ["The Matrix Reloaded", "The Matrix Revolutions"]


@pytest.mark.parametrize(
    "query",
    [
        "#Alive",
        "Tom & Jerry",
        "Face/Off",
        "50/50",
        "%",
        "+1",
        "[REC]",
        "WALL·E",
        "a&include_adult=true",
        "a%26b=c",
        "?page=2",
        "=;,'\"\\<>",
        "日本",
        "🎬",
    ],
)
def test_reserved_characters_are_sent_to_tmdb_as_part_of_the_query(client, tmdb, query):
    titles(client, query)
    (asked,) = (each for each in tmdb.requests()["latest"] if each["path"] == "/search/movie")
    assert asked["query"]["query"] == query
    assert asked["query"]["include_adult"] == "false"
    assert asked["query"]["page"] == "1"


@pytest.mark.parametrize("query", [None, "", "   ", "x" * 201, "\x00", "a\x00b"])
def test_a_missing_or_invalid_query_is_rejected(client, query):
    response = client.get(URL, {} if query is None else {"query": query})
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == "query"


@pytest.mark.parametrize("raw", ["%ED%A0%80", "a%FF", "%C3"])
def test_malformed_utf8_is_rejected(client, raw):
    response = client.get(f"{URL}?query={raw}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == "query"


def test_an_accent_alone_matches_nothing(client):
    assert titles(client, "\u0301") == []


@pytest.mark.parametrize("wrong", [{"year": "99"}, {"year": "MCMXCIX"}, {"include_adult": "maybe"}])
def test_an_invalid_value_is_reported_by_its_parameters_name(client, wrong):
    response = client.get(URL, {"query": "matrix"} | wrong)
    assert response.status_code == 400
    assert [error["attr"] for error in response.json()["errors"]] == list(wrong)
