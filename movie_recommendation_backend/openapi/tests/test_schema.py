"""The OpenAPI schema, as committed and as served."""

import json
import os
import re

import yaml
from django.conf import settings
from django.contrib.admindocs.views import simplify_regex
from django.test import Client
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV2SpecValidator

COMMITTED = settings.BASE_DIR / "docs" / "schema.json"


def test_the_committed_schema_is_the_one_served():
    # Not the `client` fixture, which checks responses against the file under test.
    served = Client().get("/api/schema.json").json()
    # The host and the scheme are not part of the contract.
    served.pop("host")
    served.pop("schemes")
    if os.environ.get("REWRITE_CONTRACTS"):
        COMMITTED.write_text(json.dumps(served, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert (
        json.loads(COMMITTED.read_text("utf-8")) == served
    ), "The API changed. If it was meant to: REWRITE_CONTRACTS=1 bin/test -k committed"


def test_it_is_valid_swagger(client):
    validator = OpenAPIV2SpecValidator(client.get("/api/schema.json").json())
    assert list(validator.iter_errors()) == []


def test_the_described_paths_are_the_routes(client):
    """Except for the health paths, which a middleware answers."""
    described = {
        "api" + re.sub(r"{(\w+)}", r"<\1>", path)
        for path in client.get("/api/schema.json").json()["paths"]
        if not path.startswith("/health/")
    }
    pages = {"api/docs/", "api/redoc/", r"api/schema\.<extension>"}
    assert routes(get_resolver().url_patterns) - pages == described


def routes(patterns, prefix: str = "") -> set[str]:
    """Return the paths below /api/, with parameters as <name>."""
    found = set()
    for pattern in patterns:
        path = prefix + simplify_regex(str(pattern.pattern)).lstrip("/")
        if hasattr(pattern, "url_patterns"):
            found |= routes(pattern.url_patterns, path)
        elif path.startswith("api/"):
            found.add(path)
    return found


def test_it_is_served_as_yaml_too(client):
    response = client.get("/api/schema.yaml")
    assert response["Content-Type"].startswith("application/yaml")
    assert response.content.startswith(b"swagger: '2.0'")


OPERATIONS = {
    "GET /movies/trending/": "movies_trending",
    "GET /movies/popular/": "movies_popular",
    "GET /movies/top-rated/": "movies_top_rated",
    "GET /movies/now-playing/": "movies_now_playing",
    "GET /movies/upcoming/": "movies_upcoming",
    "GET /movies/search/": "movies_search",
    "GET /movies/discover/": "movies_discover",
    "GET /movies/genres/": "movies_genres",
    "GET /movies/{movie_id}/": "movies_retrieve",
    "GET /movies/{movie_id}/recommendations/": "movies_recommendations",
    "GET /movies/{movie_id}/similar/": "movies_similar",
    "POST /auth/register/": "auth_register",
    "POST /auth/login/": "auth_login",
    "POST /auth/refresh/": "auth_refresh",
    "POST /auth/verify/": "auth_verify",
    "POST /auth/logout/": "auth_logout",
    "POST /auth/password/change/": "auth_password_change",
    "POST /auth/password/reset/": "auth_password_reset",
    "POST /auth/password/reset/confirm/": "auth_password_reset_confirm",
    "GET /users/profile/": "users_profile",
    "PATCH /users/profile/": "users_profile_change",
    "POST /users/profile/delete/": "users_profile_delete",
    "GET /users/export/": "users_export",
    "GET /users/library/": "users_library",
    "GET /recommendations/": "recommendations_list",
    "GET /recommendations/taste/": "recommendations_taste",
    "POST /recommendations/preview/": "recommendations_preview",
    "GET /recommendations/starter/": "recommendations_starter",
    "GET /health/live/": "health_live",
    "GET /health/ready/": "health_ready",
} | {
    f"{method} /users/{name}/{rest}": f"{name}_{operation}"
    for name in ("favorites", "watchlist", "watched", "ratings", "hidden")
    for method, rest, operation in (
        ("GET", "", "list"),
        ("POST", "", "add"),
        ("GET", "{movie_id}/", "check"),
        ("PUT", "{movie_id}/", "put"),
        ("DELETE", "{movie_id}/", "remove"),
        ("POST", "bulk/", "bulk"),
    )
}


def test_every_operation_is_described(client):
    paths = client.get("/api/schema.json").json()["paths"]
    described = {
        f"{method.upper()} {path}": operation["operationId"]
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method != "parameters"
    }
    assert described == OPERATIONS
    parameters = [
        parameter
        for operations in paths.values()
        for operation in operations.values()
        if isinstance(operation, dict)
        for parameter in operation["parameters"]
    ]
    assert parameters
    assert all("x-nullable" not in parameter for parameter in parameters)


def test_the_pages_are_served_with_or_without_a_slash(client):
    for path in ("/api/docs/", "/api/docs", "/api/redoc/", "/api/redoc"):
        response = client.get(path, headers={"accept": "application/json"})
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/html")
        assert b"/api/schema.json" in response.content


def test_it_has_the_host_and_scheme_of_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["films.example", "[::1]"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for host in ("films.example", "films.example:8443", "[::1]:8000"):
        asked = {"host": host, "x-forwarded-proto": "https"}
        described = client.get("/api/schema.json", headers=asked).json()
        assert (described["host"], described["schemes"]) == (host, ["https"])
        described = yaml.safe_load(client.get("/api/schema.yaml", headers=asked).content)
        assert (described["host"], described["schemes"]) == (host, ["https"])


def test_it_is_revalidated_by_etag(client):
    first = client.get("/api/schema.json")
    assert client.head("/api/schema.json")["ETag"] == first["ETag"]
    for ask in (client.get, client.head):
        again = ask("/api/schema.json", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
