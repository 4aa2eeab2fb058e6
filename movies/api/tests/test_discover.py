"""GET /api/movies/discover/"""

import pytest

pytestmark = pytest.mark.django_db

URL = "/api/movies/discover/"


def films(client, **asked) -> list[dict]:
    response = client.get(URL, asked)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def genre_ids(film: dict) -> set[int]:
    return {genre["id"] for genre in film["genres"]}


@pytest.mark.parametrize(
    "asked, holds",
    [
        ({"genres": "878,28"}, lambda film: {878, 28} <= genre_ids(film)),
        ({"exclude_genres": "18,28"}, lambda film: not {18, 28} & genre_ids(film)),
        ({"year": 1999}, lambda film: film["release_date"][:4] == "1999"),
        ({"released_after": "2000-01-01"}, lambda film: film["release_date"] >= "2000-01-01"),
        ({"released_before": "1960-12-31"}, lambda film: film["release_date"] <= "1960-12-31"),
        ({"min_rating": "8.4"}, lambda film: film["vote_average"] >= 8.4),
        ({"min_votes": 20000}, lambda film: film["vote_count"] >= 20000),
        ({"original_language": "JA"}, lambda film: film["original_language"] == "ja"),
    ],
)
def test_each_filter_holds_for_all_that_is_found(client, asked, holds):
    found = films(client, **asked)
    assert found
    assert all(holds(film) for film in found)


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
def test_it_sorts(client, sort, key, reverse):
    found = [film[key] for film in films(client, sort=sort)]
    assert found == sorted(found, reverse=reverse)


def asked_of_tmdb(client, tmdb, **asked) -> dict:
    films(client, **asked)
    (query,) = (
        each["query"] for each in tmdb.requests()["latest"] if each["path"] == "/discover/movie"
    )
    del query["api_key"]
    return query


def test_every_parameter_reaches_tmdb_under_its_name(client, tmdb):
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
def test_sorting_by_rating_has_a_floor_of_votes(client, tmdb, asked, floor):
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
def test_a_wrong_value_is_refused_by_name(client, wrong):
    response = client.get(URL, wrong)
    assert response.status_code == 400
    assert [error["attr"] for error in response.json()["errors"]] == list(wrong)
