"""The description: what is committed is what is served."""

import json
import os

from django.conf import settings
from django.test import Client

COMMITTED = settings.BASE_DIR / "docs" / "schema.json"


def test_the_committed_description_is_the_one_served():
    # Not the checking client: that one reads the very file that may be about to change.
    served = Client().get("/api/schema.json").json()
    # Where it is served from is the server's matter, not the contract's.
    served.pop("host")
    served.pop("schemes")
    if os.environ.get("REWRITE_CONTRACTS"):
        COMMITTED.write_text(json.dumps(served, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert (
        json.loads(COMMITTED.read_text("utf-8")) == served
    ), "The API changed. If it was meant to: REWRITE_CONTRACTS=1 bin/test -k committed"


def test_it_is_served_as_yaml_too(client):
    response = client.get("/api/schema.yaml")
    assert response["Content-Type"].startswith("application/yaml")
    assert response.content.startswith(b"swagger: '2.0'")


def test_every_catalogue_operation_is_described(client):
    paths = client.get("/api/schema.json").json()["paths"]
    operations = {path: operations["get"]["operationId"] for path, operations in paths.items()}
    assert operations == {
        "/movies/trending/": "movies_trending",
        "/movies/popular/": "movies_popular",
        "/movies/top-rated/": "movies_top_rated",
        "/movies/now-playing/": "movies_now_playing",
        "/movies/upcoming/": "movies_upcoming",
        "/movies/search/": "movies_search",
        "/movies/discover/": "movies_discover",
        "/movies/genres/": "movies_genres",
        "/movies/{movie_id}/": "movies_retrieve",
        "/movies/{movie_id}/recommendations/": "movies_recommendations",
        "/movies/{movie_id}/similar/": "movies_similar",
    }
    assert all("x-nullable" not in str(entry) for entry in paths.values())


def test_the_pages_are_served_with_or_without_a_slash(client):
    for path in ("/api/docs/", "/api/docs", "/api/redoc/", "/api/redoc"):
        response = client.get(path, headers={"accept": "application/json"})
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/html")
        assert b"/api/schema.json" in response.content
