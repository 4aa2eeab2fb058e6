"""GET /api/movies/trending/"""

import pytest

pytestmark = pytest.mark.django_db

URL = "/api/movies/trending/"


def test_trending_is_a_page_of_movies(client):
    body = client.get(URL).json()
    assert body["page"] == 1
    assert len(body["results"]) == 20
    assert body["total_results"] == body["total_pages"] * 20 - 20 + len(
        client.get(URL, {"page": body["total_pages"]}).json()["results"]
    )


def test_the_default_window_is_the_week(client):
    week, day = (client.get(URL, {"window": each}).json() for each in ("week", "day"))
    assert client.get(URL).json() == week
    assert [movie["id"] for movie in week["results"]] != [movie["id"] for movie in day["results"]]


def test_tmdb_gets_the_window_in_the_path_and_the_language_in_its_own_form(client, tmdb):
    asked = {"window": "day", "language": "DE-de", "page": "3", "unknown": "x"}
    assert client.get(URL, asked).json()["page"] == 3
    (asked,) = (each for each in tmdb.requests()["latest"] if "trending" in each["path"])
    assert asked["path"] == "/trending/movie/day"
    assert asked["query"].keys() == {"language", "page", "api_key"}
    assert (asked["query"]["language"], asked["query"]["page"]) == ("de-DE", "3")


def test_a_page_past_the_end_is_empty(client):
    response = client.get(URL, {"page": 500})
    assert response.status_code == 200
    assert response.json()["results"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": "month"},
        {"window": "DAY"},
        {"page": "0"},
        {"page": "501"},
        {"page": "-1"},
        {"page": ""},
        {"page": "1.0"},
        {"page": "1e2"},
        {"page": "1_0"},
        {"page": "+1"},
        {"page": "٣"},
        {"page": "9" * 5000},
        {"page": "\x00"},
        {"language": "deutsch"},
        {"language": "de_DE"},
        {"language": "d"},
        {"language": "ｄｅ"},
        {"language": ""},
        {"language": "de\x00"},
    ],
)
def test_an_invalid_value_is_reported_by_its_parameters_name(client, wrong):
    response = client.get(URL, wrong)
    assert response.status_code == 400
    body = response.json()
    assert body["type"] == "validation_error"
    assert [error["attr"] for error in body["errors"]] == list(wrong)


@pytest.mark.parametrize("ignored", [{"format": "xml"}, {"format": "api"}, {"foo": "bar"}])
def test_an_unknown_parameter_is_ignored(client, ignored):
    assert client.get(URL, ignored).json() == client.get(URL).json()


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png", "nonsense"])
def test_the_accept_header_is_ignored(client, accept):
    response = client.get(URL, headers={"accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_safe_methods_are_allowed(client, method):
    response = getattr(client, method)(URL)
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert response.json()["errors"][0]["code"] == "method_not_allowed"


def test_head_has_no_body(client):
    response = client.head(URL)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer expired"},
        {"authorization": "Basic abc"},
        {"authorization": "nonsense " * 100},
        {"cookie": "sessionid=stale; csrftoken=x"},
        {"cookie": "sessionid=short"},
    ],
)
def test_credentials_are_ignored(client, headers):
    plain, with_credentials = client.get(URL), client.get(URL, headers=headers)
    assert with_credentials.status_code == 200
    assert with_credentials.content == plain.content
    assert with_credentials["Vary"] == "Accept-Encoding"
    assert not with_credentials.cookies
