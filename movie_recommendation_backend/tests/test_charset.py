"""Invalid charsets in Content-Type, over HTTP. Without `wsgi.application`, Django would crash."""

import pytest
import requests

from .serving import served


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("charset")) as running:
        yield running.url


@pytest.mark.parametrize("charset", ["zlib", "bz2", "rot13", "idna", "undefined", "utf-16", '"x"'])
def test_the_query_is_decoded_as_utf_8_regardless_of_the_charset(site, charset):
    headers = {"Content-Type": f"application/json; charset={charset}"}
    response = requests.get(
        f"{site}/api/movies/search/?query=am%C3%A9lie", headers=headers, timeout=10
    )
    assert response.status_code == 200
    assert response.json()["results"][0]["id"] == 194
    login = b'{"username": "nobody", "password": "x"}'
    response = requests.post(f"{site}/api/auth/login/?x=%C3%A9", login, headers=headers, timeout=10)
    assert response.status_code == 401
    assert response.headers["X-Request-ID"]
