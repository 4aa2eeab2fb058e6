"""Fixtures of the whole suite."""

import os
import shutil
import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache

from movie_recommendation_backend.tests.conformance import ConformingClient
from movies import cache as documents
from movies.cache_backends import local
from movies.demo.standin import StandIn
from movies.services.tmdb_service import service


@pytest.fixture
def client():
    """A client that checks every response against docs/schema.json."""
    return ConformingClient()


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()
    local().clear()
    yield


@pytest.fixture(scope="session")
def standin():
    with StandIn() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def tmdb(standin, settings):
    """TMDb as the stand-in plays it over HTTP; `tmdb.add_fault` breaks it."""
    settings.TMDB_DEMO = False
    settings.TMDB_BASE_URL = standin.url
    settings.TMDB_API_KEY = "0123456789abcdef" * 2
    service.cache_clear()
    standin.clear_faults()
    standin.forget_requests()
    yield standin
    standin.clear_faults()
    service.cache_clear()


@pytest.fixture
def chromium():
    """The path of Chromium, which draws pages and runs their scripts."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("REQUIRE_SERVICES is set, but there is no Chromium")
        pytest.skip("no Chromium on this machine")
    return path


@pytest.fixture
def later(monkeypatch):
    """`later(hours=7)` moves the time by which documents are dated."""
    passed = timedelta()

    def move(**by: float) -> None:
        nonlocal passed
        passed += timedelta(**by)

    monkeypatch.setattr(documents, "now", lambda: time.time() + passed.total_seconds())
    return move
