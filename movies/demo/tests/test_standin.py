"""manage.py tmdb_standin: the demo over HTTP, with faults on demand."""

import json
import re
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
import requests
from django.conf import settings

from movies.demo.faults import FAULTS

KEY = {"api_key": "0123456789abcdef" * 2}


def get(standin, path: str, **parameters) -> requests.Response:
    return requests.get(standin.url + path, params=KEY | parameters, timeout=5)


def control(standin, method: str, what: str, **body) -> requests.Response:
    url = standin.url.removesuffix("/3") + f"/standin/{what}"
    return requests.request(method, url, json=body or None, timeout=5)


@pytest.fixture(autouse=True)
def _clean(standin):
    standin.clear_faults()
    standin.forget_requests()
    yield
    standin.clear_faults()


def test_connections_are_kept_alive(standin):
    connection = HTTPConnection(*standin.server_address, timeout=5)
    with closing(connection):
        connection.connect()
        first = connection.sock
        for _ in range(3):
            connection.request("GET", f"/3/movie/603?{urlencode(KEY)}")
            response = connection.getresponse()
            assert json.load(response)["title"] == "The Matrix"
            assert response.version == 11
            assert connection.sock is first


@pytest.mark.parametrize(
    "credentials, status",
    [
        ({"params": KEY}, 200),
        ({"headers": {"Authorization": "Bearer eyJabc.def.ghi"}}, 200),
        ({}, 401),
        ({"params": {"api_key": "eyJabc"}}, 401),
        ({"headers": {"Authorization": "Bearer 0123456789abcdef0123456789abcdef"}}, 401),
    ],
)
def test_credentials_must_have_the_form_of_tmdbs(standin, credentials, status):
    response = requests.get(standin.url + "/movie/603", timeout=5, **credentials)
    assert response.status_code == status
    if status == 401:
        assert response.json()["status_code"] == 7


def test_a_fault_applies_to_its_path_as_many_times_as_requested(standin):
    posted = control(standin, "POST", "faults", fault="html", path="/movie/603", times=2)
    assert posted.status_code == 200
    assert get(standin, "/movie/550").status_code == 200
    statuses = [get(standin, "/movie/603").status_code for _ in range(3)]
    assert statuses == [502, 502, 200]


def test_a_fault_without_times_applies_until_it_is_removed(standin):
    control(standin, "POST", "faults", fault="error", status=429, retry_after=7)
    assert control(standin, "GET", "faults").json()[0]["fault"] == "error"
    for _ in range(3):
        response = get(standin, "/movie/603")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    control(standin, "DELETE", "faults")
    assert get(standin, "/movie/603").status_code == 200


def test_any_json_can_be_sent(standin):
    control(standin, "POST", "faults", fault="json", status=418, body={"any": ["thing"]})
    response = get(standin, "/movie/603")
    assert (response.status_code, response.json()) == (418, {"any": ["thing"]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": 550},
        {"path": None},
        {"path": "movie/603"},
        {"times": 0},
        {"times": "two"},
        {"times": 1.5},
        {"seconds": -1},
        {"seconds": "x"},
        {"status": 99999},
        {"status": True},
        {"raw": 5},
        {"megabytes": 0.5},
        {"retry_after": "a\r\nX: y"},
        {"secnds": 3},
    ],
)
def test_an_invalid_fault_is_rejected(standin, wrong):
    response = control(standin, "POST", "faults", **{"fault": "html"} | wrong)
    assert response.status_code == 400
    assert list(wrong)[0] in response.json()["detail"]
    assert control(standin, "GET", "faults").json() == []
    assert get(standin, "/movie/603").status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b""])
def test_a_body_that_is_not_a_fault_is_rejected(standin, body):
    url = standin.url.removesuffix("/3") + "/standin/faults"
    assert requests.post(url, data=body, timeout=5).status_code == 400


@pytest.mark.parametrize("length", ["abc", "-5", "99999999999999", "2000000"])
def test_a_body_with_an_invalid_length_is_rejected(standin, length):
    host, port = standin.server_address
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(
            f"POST /standin/faults HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode()
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_a_body_is_not_read_as_the_next_request(standin):
    with requests.Session() as session:
        url = f"{standin.url}/movie/603"
        posted = session.post(url, params=KEY, data=b"GET /3/movie/550 HTTP/1.1\r\n\r\n", timeout=5)
        assert (posted.status_code, posted.json()["status_code"]) == (405, 42)
        assert session.get(url, params=KEY, timeout=5).json()["id"] == 603


def test_head_has_the_headers_of_get_and_no_body(standin):
    full = get(standin, "/movie/603")
    head = requests.head(standin.url + "/movie/603", params=KEY, timeout=5)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == full.headers["Content-Length"]


@pytest.mark.parametrize("status, code", [(401, 7), (404, 34), (429, 25), (500, 11), (503, 9)])
def test_an_error_has_the_usual_status_code_of_tmdb(standin, status, code):
    control(standin, "POST", "faults", fault="error", status=status)
    assert get(standin, "/movie/603").json()["status_code"] == code


def test_paths_without_the_version_do_not_exist(standin):
    response = requests.get(standin.url.removesuffix("/3") + "/movie/603", params=KEY, timeout=5)
    assert response.status_code == 404
    control(standin, "POST", "faults", fault="html", path="/3/movie/603")
    assert get(standin, "/movie/603").status_code == 502


def test_an_unknown_fault_is_rejected(standin):
    response = control(standin, "POST", "faults", fault="earthquake")
    assert response.status_code == 400
    assert all(name in response.json()["detail"] for name in FAULTS)


def test_requests_are_counted_by_path(standin):
    get(standin, "/movie/603", language="de")
    get(standin, "/movie/603")
    get(standin, "/nothing")
    counted = control(standin, "GET", "requests").json()
    assert counted["paths"] == {"/movie/603": 2, "/nothing": 1}
    assert counted["latest"][0]["query"]["language"] == "de"
    control(standin, "DELETE", "requests")
    assert control(standin, "GET", "requests").json()["total"] == 0


def test_the_command_serves_until_it_is_terminated():
    command = [sys.executable, "manage.py", "tmdb_standin", "--port", "0"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        url = re.search(r"http://\S+", process.stdout.readline()).group()
        try:
            response = requests.get(url + "/movie/603", params=KEY, timeout=5)
            assert response.json()["imdb_id"] == "tt0133093"
        finally:
            process.terminate()
