"""CORS and caching headers."""

import pytest

pytestmark = pytest.mark.django_db

CATALOGUE = [
    "/api/movies/genres/",
    "/api/movies/0/",
    "/api/movies/search/",
    "/api/movies/nothing/x/",
]
PRIVATE = ["/api/nothing/", "/api/health/live/", "/admin/login/", "/"]
EXPOSED = "ETag, Cache-Status, Retry-After, X-Request-ID"
ORIGIN = "https://films.example"


@pytest.mark.parametrize("path", CATALOGUE)
@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://anywhere.example"}, {"origin": "null"}]
)
def test_every_origin_may_read_the_catalogue_and_its_errors(client, path, headers):
    response = client.get(path, headers=headers)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Expose-Headers"] == EXPOSED
    assert response["Vary"] == "Accept-Encoding"
    assert not response.has_header("Access-Control-Allow-Credentials")


@pytest.mark.parametrize("path", CATALOGUE + ["/api/movies/genres"])
def test_preflights_of_the_catalogue_are_answered(client, path):
    response = client.options(
        path,
        headers={
            "origin": "https://anywhere.example",
            "access-control-request-method": "GET",
            "access-control-request-headers": "authorization",
        },
    )
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    allowed = response["Access-Control-Allow-Headers"]
    assert allowed == "authorization, content-type, if-none-match, x-request-id"


@pytest.mark.parametrize("path", PRIVATE)
def test_only_configured_origins_may_read_other_paths(client, path):
    allowed = client.get(path, headers={"origin": ORIGIN})
    refused = client.get(path, headers={"origin": "https://evil.example"})
    assert not refused.has_header("Access-Control-Allow-Origin")
    for response in (allowed, refused):
        assert "origin" in response["Vary"].lower()
        assert response["Cache-Control"] == "private, no-store"
        assert response["Access-Control-Expose-Headers"] == EXPOSED
    assert allowed["Access-Control-Allow-Origin"] == ORIGIN


def test_other_preflights_are_answered_for_configured_origins(client):
    def preflight(origin):
        return client.options(
            "/api/auth/login/",
            headers={"origin": origin, "access-control-request-method": "POST"},
        )

    allowed = preflight(ORIGIN)
    assert allowed["Access-Control-Allow-Origin"] == ORIGIN
    assert "if-none-match" in allowed["Access-Control-Allow-Headers"]
    assert not preflight("https://evil.example").has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("path", ["/api/docs/", "/api/schema.json", "/api/redoc/"])
def test_the_documentation_may_be_cached(client, path):
    assert "no-store" not in client.get(path).get("Cache-Control", "")
