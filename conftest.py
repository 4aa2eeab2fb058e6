"""Fixtures of the whole suite."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from datetime import timedelta

import django_ratelimit.core
import pytest
from django.core.cache import cache, caches
from redis import Redis
from redis.exceptions import RedisError

from movie_recommendation_backend import redis_connection
from movie_recommendation_backend.settings.cache import redis_cache
from movie_recommendation_backend.tests.conformance import ConformingClient
from movie_recommendation_backend.tests.mail_server import MailServer
from movies.cache import counts, documents, hot
from movies.cache.backends import local
from movies.demo.standin import StandIn
from movies.services.tmdb_service import service


@pytest.fixture
def client():
    """A client that checks every response against docs/schema.json."""
    return ConformingClient()


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()
    caches["limits"].clear()
    local().clear()
    yield


class Clock:
    """The time that throttles use. It stands still until a test advances it."""

    def __init__(self):
        self.now = 1_800_000_000

    def time(self) -> int:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += int(timedelta(**by).total_seconds())


@pytest.fixture(autouse=True)
def throttle_clock(monkeypatch):
    """Prevent a throttle's window from ending in the middle of a test."""
    clock = Clock()
    monkeypatch.setattr(django_ratelimit.core, "time", clock)
    return clock


@pytest.fixture(scope="session")
def standin():
    with StandIn() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def tmdb(standin, settings):
    """A stand-in for TMDb over HTTP. `tmdb.add_fault` makes it fail."""
    settings.TMDB_DEMO = False
    settings.TMDB_BASE_URL = standin.url
    settings.TMDB_API_KEY = "0123456789abcdef" * 2
    service.cache_clear()
    standin.clear_faults()
    standin.forget_requests()
    yield standin
    standin.clear_faults()
    service.cache_clear()


def missing(what: str) -> None:
    """Skip the test because a service is missing. Fail it if REQUIRE_SERVICES is set."""
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"REQUIRE_SERVICES is set, but there is no {what}")
    pytest.skip(f"no {what} on this machine")


@pytest.fixture
def chromium():
    """The path of the Chromium browser."""
    return shutil.which("chromium") or missing("Chromium")


def use_redis(settings, url: str) -> None:
    """Configure this Redis as in production."""
    settings.REDIS_URL = url
    settings.CACHES = settings.CACHES | {"default": redis_cache(url)}
    redis_connection.reset()


@pytest.fixture
def redis(settings):
    """The suite's Redis, emptied. The site uses it even if REDIS_URL is not set."""
    url = settings.REDIS_URL or os.environ["TEST_REDIS_URL"]
    connection = Redis.from_url(url, socket_connect_timeout=1)
    try:
        connection.ping()
    except RedisError:
        missing("Redis")
    use_redis(settings, url)
    connection.flushdb()
    counts.clear()
    yield connection
    connection.flushdb()


class OwnRedis:
    """A Redis server that tests may stop, freeze and restart."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *("redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"),
                *("--dir", tempfile.gettempdir(), "--dbfilename", f"redis-{self.port}.rdb"),
            ],
            stdout=subprocess.DEVNULL,
        )
        connection = Redis.from_url(self.url)
        for _ in range(200):
            try:
                connection.ping()
                return
            except RedisError:
                time.sleep(0.02)
        raise RuntimeError("redis-server did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def own_redis(settings):
    if shutil.which("redis-server") is None:
        missing("redis-server")
    server = OwnRedis()
    use_redis(settings, server.url)
    yield server
    server.stop()
    redis_connection.reset()


@pytest.fixture
def mailbox(settings):
    """An SMTP server that collects the emails it receives."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        yield server


@pytest.fixture
def later(monkeypatch):
    """`later(hours=7)` advances the time that documents are dated and copies are checked by."""
    passed = timedelta()

    def move(**by: float) -> None:
        nonlocal passed
        passed += timedelta(**by)

    monkeypatch.setattr(documents, "now", lambda: time.time() + passed.total_seconds())
    monkeypatch.setattr(hot, "clock", lambda: time.monotonic() + passed.total_seconds())
    return move


@pytest.fixture(params=["local memory", "Redis"])
def backend(request):
    """Run the test twice: with documents in local memory, and in Redis."""
    if request.param == "Redis":
        request.getfixturevalue("redis")
