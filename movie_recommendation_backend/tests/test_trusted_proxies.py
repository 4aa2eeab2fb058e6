"""TRUSTED_PROXIES: which forwarded headers are trusted."""

import pytest
import requests

from .configuration import PRODUCTION, manage
from .serving import served

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]


PROBE = """
from django.test import Client
secure = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
client = Client(headers={"host": "films.example"})
for headers in ({}, secure):
    page = client.get("/api/movies/genres/", headers=headers)
    schema = client.get("/api/schema.json", headers=headers)
    print(page.status_code, page.get("Location"), page.get("Strict-Transport-Security"))
    print(schema.status_code, schema.json()["schemes"] if schema.status_code == 200 else None)
    print(schema.json()["host"] if schema.status_code == 200 else None)
"""


def probe(tmp_path, proxies: str) -> list[str]:
    environment = PRODUCTION | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "TRUSTED_PROXIES": proxies,
        "LOG_LEVEL": "CRITICAL",
    }
    finished = manage("shell", "--no-imports", "-c", PROBE, **environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def test_behind_a_trusted_proxy_https_is_detected_and_required(tmp_path):
    assert probe(tmp_path, "1") == [
        "301 https://films.example/api/movies/genres/ None",
        "301 None",
        "None",
        "200 None max-age=31536000; includeSubDomains; preload",
        "200 ['https']",
        "films.example",
    ]


def test_without_a_trusted_proxy_the_header_is_ignored(tmp_path):
    assert probe(tmp_path, "0") == ["200 None None", "200 ['http']", "films.example"] * 2


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X-Forwarded-Ssl", "SCRIPT_NAME"])
def test_gunicorn_ignores_forwarded_headers(tmp_path, header):
    value = {"SCRIPT_NAME": "/evil", "X-Forwarded-Ssl": "on"}.get(header, "https")
    with served(tmp_path) as site:
        schema = requests.get(f"{site.url}/api/schema.json", headers={header: value}, timeout=5)
        assert schema.json()["schemes"] == ["http"]
        page = requests.get(f"{site.url}/api/movies/genres/", headers={header: value}, timeout=5)
        assert page.status_code == 200
