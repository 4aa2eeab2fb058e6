"""A path without the slash at its end is served as if it had it, without a redirect."""

import logging

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/api/movies/genres", "/api/movies/603", "/api/movies/603/similar"]
)
def test_the_catalogue(client, path):
    assert client.get(path).content == client.get(path + "/").content
    assert client.head(path).status_code == 200


def test_every_method_arrives(client):
    assert client.post("/api/movies/genres").status_code == 405


@pytest.mark.parametrize("path", ["/admin/login", "/admin/movies/movie", "/admin"])
def test_the_admin(admin_client, path):
    assert admin_client.get(path, follow=True).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/nothing", "/static/nothing", "/api/schema.json/"]
)
def test_what_leads_nowhere_with_a_slash_either_is_a_404(client, path):
    assert client.get(path).status_code == 404


def test_a_path_that_leads_somewhere_as_it_stands_is_left_alone(client):
    assert client.get("/api/schema.json").status_code == 200


def test_the_log_sees_the_path_with_its_slash(client, caplog):
    caplog.set_level(logging.INFO)
    client.get("/api/movies/genres?language=de")
    assert any(line.startswith("GET /api/movies/genres/ 200") for line in caplog.messages)
