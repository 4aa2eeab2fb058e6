"""GET /api/movies/discover/"""

import pytest

pytestmark = pytest.mark.django_db

URL = "/api/movies/discover/"


def movies(client, **asked) -> list[dict]:
    response = client.get(URL, asked)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def genre_ids(movie: dict) -> set[int]:
    return {genre["id"] for genre in movie["genres"]}


@pytest.mark.parametrize(
    "asked, holds",
    [
        ({"genres": "878,28"}, lambda movie: {878, 28} <= genre_ids(movie)),
        ({"exclude_genres": "18,28"}, lambda movie: not {18, 28} & genre_ids(movie)),
        ({"year": 1999}, lambda movie: movie["release_date"][:4] == "1999"),
        ({"released_after": "2000-01-01"}, lambda movie: movie["release_date"] >= "2000-01-01"),
        ({"released_before": "1960-12-31"}, lambda movie: movie["release_date"] <= "1960-12-31"),
        ({"min_rating": "8.4"}, lambda movie: movie["vote_average"] >= 8.4),
        ({"min_votes": 20000}, lambda movie: movie["vote_count"] >= 20000),
        ({"original_language": "JA"}, lambda movie: movie["original_language"] == "ja"),
    ],
)
def test_all_results_match_the_filter(client, asked, holds):
    found = movies(client, **asked)
    assert found
    assert all(holds(movie) for movie in found)


@pytest.mark.parametrize(
    "sort, key, reverse",
    [
        ("popularity", "popularity", False),
        ("-popularity", "popularity", True),
        ("-rating", "vote_average", True),
        ("release_date", "release_date", False),
        ("-votes", "vote_count", True),
    ],
)
def test_results_are_sorted(client, sort, key, reverse):
    found = [movie[key] for movie in movies(client, sort=sort)]
    assert found == sorted(found, reverse=reverse)


def asked_of_tmdb(client, tmdb, **asked) -> dict:
    movies(client, **asked)
    (query,) = (
        each["query"] for each in tmdb.requests()["latest"] if each["path"] == "/discover/movie"
    )
    del query["api_key"]
    return query


def test_every_parameter_is_sent_to_tmdb_by_its_name_there(client, tmdb):
    query = asked_of_tmdb(
        client,
        tmdb,
        genres="878, 28,878",
        exclude_genres="27",
        year=1999,
        released_after="1999-01-01",
        released_before="1999-12-31",
        min_rating="7.5",
        min_votes=50,
        min_runtime=60,
        max_runtime=200,
        original_language="EN",
        sort="-votes",
        page=2,
        language="fr",
        region="us",
    )
    assert query == {
        "with_genres": "28,878",
        "without_genres": "27",
        "primary_release_year": "1999",
        "primary_release_date.gte": "1999-01-01",
        "primary_release_date.lte": "1999-12-31",
        "vote_average.gte": "7.5",
        "vote_count.gte": "50",
        "with_runtime.gte": "60",
        "with_runtime.lte": "200",
        "with_original_language": "en",
        "sort_by": "vote_count.desc",
        "page": "2",
        "language": "fr",
        "region": "US",
        "include_adult": "false",
    }


@pytest.mark.parametrize(
    "asked, floor",
    [
        ({"sort": "-rating"}, "200"),
        ({"sort": "rating"}, "200"),
        ({"sort": "-rating", "min_votes": 5}, "5"),
        ({"sort": "-rating", "min_votes": 0}, "0"),
        ({"sort": "-votes"}, None),
    ],
)
def test_sorting_by_rating_requires_a_minimum_of_votes_by_default(client, tmdb, asked, floor):
    assert asked_of_tmdb(client, tmdb, **asked).get("vote_count.gte") == floor


@pytest.mark.parametrize(
    "wrong",
    [
        {"genres": "action"},
        {"genres": "28,"},
        {"genres": "28|12"},
        {"genres": "-28"},
        {"genres": "\x00"},
        {"genres": ",".join(map(str, range(1, 22)))},
        {"exclude_genres": "0"},
        {"year": "12345"},
        {"released_after": "1999-02-30"},
        {"released_before": "yesterday"},
        {"min_rating": "nan"},
        {"min_rating": "inf"},
        {"min_rating": "10.5"},
        {"min_rating": "-1"},
        {"min_votes": "-1"},
        {"min_votes": "2147483648"},
        {"min_runtime": "long"},
        {"max_runtime": "1000000"},
        {"original_language": "en-US"},
        {"sort": "revenue"},
        {"sort": "--popularity"},
    ],
)
def test_an_invalid_value_is_reported_by_its_parameters_name(client, wrong):
    response = client.get(URL, wrong)
    assert response.status_code == 400
    assert [error["attr"] for error in response.json()["errors"]] == list(wrong)
