"""GET /api/movies/{id}/recommendations/ and similar/"""

import pytest

pytestmark = pytest.mark.django_db

KINDS = ["recommendations", "similar"]


@pytest.mark.parametrize("kind", KINDS)
def test_related_movies_do_not_include_the_movie_itself(client, kind):
    body = client.get(f"/api/movies/603/{kind}/").json()
    ids = [movie["id"] for movie in body["results"]]
    assert ids
    assert 603 not in ids
    assert 604 in ids[:3]


@pytest.mark.parametrize("kind", KINDS)
def test_page_and_language_are_sent_to_tmdb(client, tmdb, kind):
    client.get(f"/api/movies/603/{kind}/", {"page": 2, "language": "de"})
    asked = tmdb.requests()["latest"][0]
    assert asked["path"] == f"/movie/603/{kind}"
    assert (asked["query"]["page"], asked["query"]["language"]) == ("2", "de")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("movie_id", ["999999999", "0", "-1", "2147483648", "x", "603.0", "٦٠٣"])
def test_an_unknown_movie_or_an_invalid_id_is_a_404(client, kind, movie_id):
    response = client.get(f"/api/movies/{movie_id}/{kind}/")
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("kind", KINDS)
def test_an_imdb_id_redirects_to_the_tmdb_id(client, kind):
    response = client.get(f"/api/movies/tt0133093/{kind}/?page=2")
    assert response.status_code == 308
    assert response["Location"] == f"/api/movies/603/{kind}/?page=2"


@pytest.mark.parametrize("kind", KINDS)
def test_invalid_values_are_rejected(client, kind):
    assert client.get(f"/api/movies/603/{kind}/", {"page": "x"}).status_code == 400
