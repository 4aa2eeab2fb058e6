"""Generated requests never cause a 500 or an undocumented response."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from movie_recommendation_backend.tests.serving import Site, served

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
# These operations end the session that they are called in.
ENDING = "auth_logout|auth_password_change|users_profile_delete"
UNLIMITED = dict.fromkeys(["THROTTLE_ANON", "THROTTLE_USER", "THROTTLE_LOGIN"], "1000000/min")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("schemathesis"), **UNLIMITED) as running:
        yield running


def token_of(site: Site, username: str) -> str:
    body = {
        "username": username,
        "email": f"{username}@films.example",
        "password": "correct horse 9",
    }
    response = requests.post(f"{site.url}/api/auth/register/", json=body, timeout=10)
    return response.json()["access"]


def assert_conforms(site: Site, *options: str, token: str | None = None) -> None:
    headers = ["--header", f"Authorization: Bearer {token}"] if token else []
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{site.url}/api/schema.json",
        "--checks",
        ",".join(CHECKS),
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "8",
        "--generation-deterministic",
        "--suppress-health-check",
        "all",
        "--no-color",
        *headers,
        *options,
    ]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert finished.returncode == 0, finished.stdout[-6000:]


def test_logged_out(site):
    assert_conforms(site)


def test_logged_in(site):
    token = token_of(site, "somebody")
    assert_conforms(site, "--exclude-operation-id-regex", ENDING, token=token)
    # The session was still valid at the end.
    headers = {"Authorization": f"Bearer {token}"}
    response = requests.get(f"{site.url}/api/users/profile/", headers=headers, timeout=10)
    assert response.status_code == 200


def test_operations_that_end_sessions(site):
    token = token_of(site, "somebody.else")
    assert_conforms(site, "--include-operation-id-regex", ENDING, token=token)
