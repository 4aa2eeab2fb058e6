"""While the database is down, the catalogue is served and everything else is a 503."""

import pytest
import requests

from .serving import PRODUCTION, served

pytestmark = pytest.mark.slow

ACCOUNTS = {
    "auth/login/": {"username": "ada", "password": "correct horse 9"},
    "auth/register/": {
        "username": "ada",
        "email": "ada@films.example",
        "password": "correct horse 9",
    },
}


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "database"
    folder.mkdir()
    # Workers connect at their first request.
    with served(folder) as running:
        folder.rename(tmp_path / "elsewhere")
        yield running


def test_accounts_return_503_and_the_catalogue_is_served(site):
    for path, body in ACCOUNTS.items():
        response = requests.post(f"{site.url}/api/{path}", json=body, timeout=10)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "10"
        assert response.json()["type"] == "server_error"
        assert PRODUCTION["SECRET_KEY"] not in response.text
    for path in ("trending/", "603/", "search/?query=matrix"):
        response = requests.get(f"{site.url}/api/movies/{path}", timeout=10)
        assert response.status_code == 200
