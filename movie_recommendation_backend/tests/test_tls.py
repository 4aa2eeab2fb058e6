"""PostgreSQL and Redis over TLS, with URLs like those of hosting platforms."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import requests
from django.conf import settings
from rehearsal import servers

from conftest import missing

from .serving import PRODUCTION, served

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="tls-") as name:
        # PostgreSQL runs as another user.
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def certificate(folder):
    return servers.certificate(folder)


@pytest.fixture(scope="module")
def database_url(folder, certificate):
    if servers.postgres_programs() is None:
        missing("PostgreSQL's server programs")
    with servers.postgres(folder / "postgres", certificate) as server:
        yield server.url("postgres")


@pytest.fixture(scope="module")
def redis_url(folder, certificate):
    if shutil.which("redis-server") is None:
        missing("redis-server")
    with servers.redis(folder, certificate) as url:
        # Platforms leave out the database number.
        yield url.removesuffix("/0")


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**PRODUCTION, "PATH": os.environ["PATH"], "REDIS_URL": "", **environment},
        capture_output=True,
        text=True,
    )


SSL_IN_USE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print(cursor.fetchone())
"""


@pytest.mark.parametrize("options", ["?sslmode=require", "?sslmode=verify-full&sslrootcert={}", ""])
def test_the_database_is_reached_over_tls(database_url, certificate, options):
    url = database_url + options.format(certificate.path)
    finished = manage("shell", "--no-imports", "-c", SSL_IN_USE, DATABASE_URL=url)
    assert finished.stdout.strip() == "(True, 'TLSv1.3')", finished.stderr


@pytest.mark.parametrize("options", ["?sslmode=disable", "?sslmode=verify-full"])
def test_an_untrusted_database_is_rejected(database_url, options):
    url = database_url + options
    finished = manage("shell", "--no-imports", "-c", SSL_IN_USE, DATABASE_URL=url)
    assert finished.returncode != 0
    assert "OperationalError" in finished.stderr


@pytest.mark.parametrize("options", ["?ssl_cert_reqs=none", "?ssl_ca_certs={}"])
def test_redis_is_reached_over_tls(redis_url, certificate, options):
    url = redis_url + options.format(certificate.path)
    warmed = manage("warm_cache", "--groups", "genres", DATABASE_URL="sqlite://", REDIS_URL=url)
    assert warmed.returncode == 0, warmed.stderr


def test_a_self_signed_redis_is_rejected_by_default(redis_url):
    warmed = manage("warm_cache", DATABASE_URL="sqlite://", REDIS_URL=redis_url)
    assert warmed.returncode == 1
    assert "Redis does not answer" in warmed.stderr


def test_a_site_with_both_is_ready(tmp_path, database_url, redis_url):
    environment = {
        "DATABASE_URL": f"{database_url}?sslmode=require",
        "REDIS_URL": f"{redis_url}?ssl_cert_reqs=none",
        "WEB_CONCURRENCY": "1",
    }
    with served(tmp_path, **environment) as site:
        ready = requests.get(f"{site.url}/api/health/ready/", timeout=5).json()
        assert ready["status"] == "ok", ready
        genres = f"{site.url}/api/movies/genres/"
        assert requests.get(genres, timeout=5).status_code == 200
        again = requests.get(genres, timeout=5)
        assert again.headers["Cache-Status"].startswith("catalogue; hit")
