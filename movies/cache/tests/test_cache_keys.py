"""Equivalent questions share a document, and others do not."""

import pytest

pytestmark = pytest.mark.django_db

HIT = r"catalogue; hit; ttl="
STORED = "catalogue; fwd=miss; stored"


@pytest.fixture
def tmdb(backend, tmdb):
    return tmdb


SPELLINGS = [
    "?query=the+matrix",
    "?query=The%20Matrix&page=1",
    "?page=1&query=%20%20THE%20%20%20MATRIX%20",
    "?query=the+matrix&language=en-us&include_adult=false",
    "?include_adult=False&query=The+Matrix&unknown=1",
    "?query=the%09matrix&LANGUAGE=de",
]


def test_equivalent_questions_share_a_document(client, tmdb):
    answers = [client.get(f"/api/movies/search/{query}") for query in SPELLINGS]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert tmdb.requests()["paths"]["/search/movie"] == 1


@pytest.mark.parametrize(
    "one, other",
    [
        ("popular/?region=de", "popular/?region=DE"),
        ("discover/?genres=28,12", "discover/?genres=12, 28,28&sort=-popularity"),
        ("discover/?sort=-rating", "discover/?sort=-rating&min_votes=200"),
        ("discover/?min_rating=7", "discover/?min_rating=7.00"),
        ("trending/", "trending/?window=week"),
    ],
)
def test_defaults_order_and_case_make_no_difference(client, tmdb, one, other):
    assert client.get(f"/api/movies/{one}")["Cache-Status"] == STORED
    assert client.get(f"/api/movies/{other}")["Cache-Status"].startswith(HIT)


@pytest.mark.parametrize(
    "one, other",
    [
        ("popular/", "popular/?region=US"),
        ("popular/", "popular/?language=en"),
        ("search/?query=amelie", "search/?query=amélie"),
        ("search/?query=a", "search/?query=a&include_adult=true"),
        ("trending/?window=day", "trending/?window=week"),
        ("603/similar/", "604/similar/"),
    ],
)
def test_different_questions_do_not_share_a_document(client, tmdb, one, other):
    client.get(f"/api/movies/{one}")
    assert client.get(f"/api/movies/{other}")["Cache-Status"] == STORED


def test_a_long_search_is_cached(client, tmdb):
    url = f"/api/movies/search/?query={'é' * 200}"
    assert client.get(url)["Cache-Status"] == STORED
    assert client.get(url)["Cache-Status"].startswith(HIT)


def test_control_characters_are_sent_to_tmdb_as_spaces(client, tmdb):
    client.get("/api/movies/search/?query=the%1Fmatrix")
    (sent,) = (each for each in tmdb.requests()["latest"] if each["path"] == "/search/movie")
    assert sent["query"]["query"] == "the matrix"
    assert client.get("/api/movies/search/?query=the+matrix")["Cache-Status"].startswith(HIT)


def test_a_search_that_includes_adult_movies_has_its_own_document(client, tmdb):
    client.get("/api/movies/search/?query=x&include_adult=true")
    assert client.get("/api/movies/search/?query=x")["Cache-Status"] == STORED
