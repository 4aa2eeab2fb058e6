"""A path without its trailing slash is served as if it had one, without a redirect."""

import logging

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/api/movies/genres", "/api/movies/603", "/api/movies/603/similar"]
)
def test_the_catalogue(client, path):
    assert client.get(path).content == client.get(path + "/").content
    assert client.head(path).status_code == 200


def test_it_works_for_every_method(client):
    assert client.post("/api/movies/genres").status_code == 405


@pytest.mark.parametrize("path", ["/admin/login", "/admin/movies/movie", "/admin"])
def test_the_admin(admin_client, path):
    assert admin_client.get(path, follow=True).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/nothing", "/static/nothing", "/api/schema.json/"]
)
def test_unknown_paths_are_a_404_with_and_without_a_slash(client, path):
    assert client.get(path).status_code == 404


def test_a_path_that_needs_no_slash_is_not_changed(client):
    assert client.get("/api/schema.json").status_code == 200


def test_the_log_has_the_path_with_its_slash(client, caplog):
    caplog.set_level(logging.INFO)
    client.get("/api/movies/genres?language=de")
    assert any(line.startswith("GET /api/movies/genres/ 200") for line in caplog.messages)
