"""Settings: which configurations start, and how invalid ones are reported."""

import itertools
import os
import signal
import socket

import pytest
import requests
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.module_loading import import_string

from .configuration import DEVELOPMENT, PRODUCTION, manage
from .serving import served

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.mark.parametrize("base", [DEVELOPMENT, PRODUCTION], ids=["development", "production"])
def test_the_minimal_configuration_starts(base):
    finished = manage("check", **base)
    assert finished.returncode == 0, finished.stderr


def test_production_passes_djangos_deployment_checks():
    finished = manage(
        "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, TRUSTED_PROXIES="1"
    )
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("stock", [CsrfViewMiddleware, SessionMiddleware, CSPMiddleware])
def test_pages_have_middleware_that_django_does_not_find(stock):
    """Its own checks look for the names of the stock classes, not for subclasses."""
    used = [import_string(name) for name in settings.MIDDLEWARE]
    assert any(issubclass(each, stock) for each in used)


def test_cookies_are_secure_behind_tls():
    code = (
        "from django.conf import settings;"
        " print(settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_SECURE)"
    )
    finished = manage("shell", "--no-imports", "-c", code, **PRODUCTION, TRUSTED_PROXIES="1")
    assert finished.stdout.split() == ["True", "True"]


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


def test_gunicorn_logs_that_a_worker_was_killed(tmp_path):
    with served(tmp_path) as site:
        requests.get(f"{site.url}/api/health/live/", timeout=10)
        [worker] = site.workers()
        os.kill(worker, signal.SIGKILL)
        lines = iter(site.process.stdout.readline, "")
        [line] = itertools.islice((line for line in lines if "SIGKILL" in line), 1)
        assert line.startswith("[") and f"(pid:{worker})" in line
