"""Settings: which configurations start, and how invalid ones are reported."""

import os
import signal
import socket
import subprocess
import sys

import pytest
import requests
from django.conf import settings

from .serving import served

# Nothing here depends on the database that the suite runs on.
pytestmark = pytest.mark.once

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "films.example",
    "DATABASE_URL": "sqlite:////nonexistent/db.sqlite3",
    "TMDB_DEMO": "true",
}
DEVELOPMENT = {
    "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.development",
    "SECRET_KEY": "only-for-this-test",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py with these environment variables only."""
    # Empty values override a developer's .env.
    hidden = dict.fromkeys(
        ["TMDB_API_KEY", "TMDB_READ_TOKEN", "REDIS_URL", "DATABASE_URL", "DEBUG", "ALLOWED_HOSTS"],
        "",
    )
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | hidden | environment,
        capture_output=True,
        text=True,
    )


def value_of(name: str, **environment: str) -> str:
    code = f"from django.conf import settings; print(repr(settings.{name}))"
    finished = manage("shell", "--no-imports", "-c", code, **environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


@pytest.mark.parametrize("base", [DEVELOPMENT, PRODUCTION], ids=["development", "production"])
def test_the_minimal_configuration_starts(base):
    finished = manage("check", **base)
    assert finished.returncode == 0, finished.stderr


def test_production_passes_djangos_deployment_checks():
    finished = manage(
        "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, TRUSTED_PROXIES="1"
    )
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize(
    "name, value",
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz-0123456789"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", ""),
        ("DEBUG", "true"),
        ("TMDB_DEMO", ""),
        ("TMDB_DEMO", "false"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_production_rejects(name, value):
    finished = manage("check", **PRODUCTION | {name: value})
    assert finished.returncode != 0
    (line,) = finished.stderr.strip().splitlines()
    assert line.startswith("Configuration error: ")
    assert name in line


@pytest.mark.parametrize(
    "name, value",
    [
        ("DEBUG", "maybe"),
        ("DATABASE_URL", "mysql://secret@db/x"),
        ("DATABASE_URL", "secret"),
        ("REDIS_URL", "http://secret"),
        ("REDIS_URL", "secret"),
        ("TMDB_API_KEY", "secret"),
        ("TMDB_READ_TOKEN", "secret"),
        ("TMDB_READ_TOKEN", "eyJsecretж"),
        ("REDIS_URL", "redis://127.0.0.1/0?socket_timeout=secret"),
        ("TMDB_REQUESTS_PER_SECOND", "0"),
        ("CACHE_TTL_SCALE", "-1"),
        ("ALLOWED_HOSTS", "https://secret.example"),
        ("ALLOWED_HOSTS", "a.example:443"),
        ("REDIS_URL", "redis://127.0.0.1/secret"),
        ("TMDB_BASE_URL", "https://api.example/3?secret=1"),
        ("CACHE_TTL_SCALE", "nan"),
        ("TMDB_BASE_URL", "api.themoviedb.org/secret"),
        ("TMDB_IMAGE_BASE_URL", "ftp://secret"),
        ("TMDB_LANGUAGE", "english"),
        ("TMDB_REGION", "usa"),
        ("TMDB_DEMO", "false"),
        ("CORS_ALLOWED_ORIGINS", "secret"),
        ("CORS_ALLOWED_ORIGINS", "https://a.example/path"),
        ("CSRF_TRUSTED_ORIGINS", "*"),
        ("LOG_LEVEL", "loud"),
        ("REDIS_SENTINELS", "secret"),
        ("REDIS_SENTINELS", "10.0.0.1:26379"),
        ("SENTRY_DSN", "secret"),
        ("SENTRY_DSN", "https://sentry.example/secret"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_THREADS", "-4"),
        ("JWT_SIGNING_KEY", "secret"),
        ("JWT_ACCESS_MINUTES", "0"),
        ("JWT_REFRESH_DAYS", "1000"),
        ("THROTTLE_ANON", "many"),
        ("THROTTLE_USER", "0/min"),
        ("THROTTLE_LOGIN", "10/week"),
        ("EMAIL_URL", "http://secret@mail.example"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://secret@mail.example:mail"),
        ("DEFAULT_FROM_EMAIL", "secret"),
        ("DEFAULT_FROM_EMAIL", "a@films.example\nBcc: secret@x"),
        ("FRONTEND_URL", "secret"),
    ],
)
def test_an_invalid_value_fails_with_a_sentence_that_names_the_variable(name, value):
    finished = manage("check", **DEVELOPMENT | {name: value})
    assert finished.returncode != 0
    (line,) = finished.stderr.strip().splitlines()
    assert line.startswith("Configuration error: ")
    assert name in line
    assert "secret" not in line


def test_an_empty_settings_module_means_the_default():
    environment = DEVELOPMENT | {"DJANGO_SETTINGS_MODULE": ""}
    assert manage("check", **environment).returncode == 0


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X-Forwarded-Ssl", "SCRIPT_NAME"])
def test_gunicorn_ignores_forwarded_headers(tmp_path, header):
    value = {"SCRIPT_NAME": "/evil", "X-Forwarded-Ssl": "on"}.get(header, "https")
    with served(tmp_path) as site:
        schema = requests.get(f"{site.url}/api/schema.json", headers={header: value}, timeout=5)
        assert schema.json()["schemes"] == ["http"]
        page = requests.get(f"{site.url}/api/movies/genres/", headers={header: value}, timeout=5)
        assert page.status_code == 200


def test_the_demo_is_used_without_credentials():
    key = {"TMDB_API_KEY": "0123456789abcdef" * 2}
    assert value_of("TMDB_DEMO", **DEVELOPMENT) == "True"
    assert value_of("TMDB_DEMO", **DEVELOPMENT, **key) == "False"
    assert value_of("TMDB_DEMO", **DEVELOPMENT, **key, TMDB_DEMO="true") == "True"


def test_language_and_region_may_have_any_case():
    assert value_of("TMDB_LANGUAGE", **DEVELOPMENT, TMDB_LANGUAGE="DE-de") == "'de-DE'"
    assert value_of("TMDB_REGION", **DEVELOPMENT, TMDB_REGION="de") == "'DE'"


def test_ctrl_c_stops_it_and_malformed_requests_are_not_logged(tmp_path):
    with served(tmp_path, LOG_LEVEL="WARNING") as site:
        host, port = site.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall("GET /api/movies/search/?query=privé HTTP/1.1\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        for process in (site.process.pid, *site.workers()):
            os.kill(process, signal.SIGINT)
        output = site.process.communicate(timeout=15)[0]
    assert "priv" not in output
    assert "Traceback" not in output
    assert site.process.returncode == 0


def test_debug_is_off_unless_set():
    assert value_of("DEBUG", **DEVELOPMENT) == "False"
    assert value_of("DEBUG", **DEVELOPMENT, DEBUG="1") == "True"


def test_one_process_without_redis():
    assert value_of("WORKERS", **DEVELOPMENT, WEB_CONCURRENCY="4") == "1"
    redis = {"REDIS_URL": "redis://127.0.0.1:6379/9"}
    assert value_of("WORKERS", **DEVELOPMENT, WEB_CONCURRENCY="4", **redis) == "4"
    assert value_of("TMDB_CONNECTIONS", **DEVELOPMENT, WEB_CONCURRENCY="4", **redis) == "2"


def test_sqlite_is_set_up_for_threads():
    options = value_of("DATABASES['default']['OPTIONS']", **DEVELOPMENT)
    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "journal_mode=WAL" in options


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


@pytest.mark.parametrize(
    "url, host, port, implicit, starttls",
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("submission://mail.example", "mail.example", 587, False, True),
        ("smtps://mail.example", "mail.example", 465, True, False),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, False, False),
    ],
)
def test_email_url_configures_the_mail_server(url, host, port, implicit, starttls):
    url = url.replace("://", "://ada:p%40ss@")
    names = ["HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS", "BACKEND"]
    code = "; ".join(f"print(settings.EMAIL_{name})" for name in names)
    code = f"from django.conf import settings; {code}"
    finished = manage("shell", "--no-imports", "-c", code, **DEVELOPMENT | {"EMAIL_URL": url})
    assert finished.stdout.splitlines() == [
        host,
        str(port),
        "ada",
        "p@ss",
        str(implicit),
        str(starttls),
        "django.core.mail.backends.smtp.EmailBackend",
    ]


def test_without_email_url_mails_are_printed():
    assert "console" in value_of("EMAIL_BACKEND", **DEVELOPMENT)


def test_jwt_signing_key_is_optional():
    key = "jwt" * 20
    assert "SIGNING_KEY" not in value_of("SIMPLE_JWT", **DEVELOPMENT)
    assert key in value_of("SIMPLE_JWT", **DEVELOPMENT | {"JWT_SIGNING_KEY": key})


def test_every_variable_is_in_the_example_file():
    example = (settings.BASE_DIR / ".env.example").read_text("utf-8")
    read = set()
    for path in (settings.BASE_DIR / "movie_recommendation_backend/settings").glob("*.py"):
        for line in path.read_text("utf-8").replace("(\n", "(").splitlines():
            for piece in line.split("env.read(")[1:]:
                read.add(piece.strip().strip('"').split('"')[0])
    read.discard("")
    assert "TMDB_API_KEY" in read
    assert [name for name in sorted(read) if f"{name}=" not in example and name.isupper()] == []
