"""Steps of the tests of GET /api/movies/{id}/."""

from django.test import Client

from movies.demo.standin import StandIn
from movies.tests.builders import detail_movie


def send(tmdb: StandIn, **changes: object) -> None:
    """Have TMDb send the details of movie 603 with `changes`."""
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": detail_movie(**changes)})


def get(client: Client, **parameters: str) -> dict:
    """Return the API's details of movie 603."""
    response = client.get("/api/movies/603/", parameters)
    assert response.status_code == 200, response.content
    return response.json()
