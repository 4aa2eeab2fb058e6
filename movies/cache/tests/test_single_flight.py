"""One load for a question at a time, whoever asks it and wherever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from movies.cache import single_flight
from movies.cache.answers import Fetched, Source
from movies.cache.documents import Key
from movies.catalogue.pages import page
from movies.load import Load, LoadFailed
from movies.questions import SEARCH, TRENDING, UPCOMING
from movies.services.exceptions import TMDbUnavailable

pytestmark = pytest.mark.django_db

URL = "/api/movies/upcoming/"
PATH = "/movie/upcoming"


@pytest.fixture
def tmdb(backend, tmdb):
    return tmdb


def asked(tmdb, path: str = PATH) -> int:
    return tmdb.requests()["paths"].get(path, 0)


@pytest.mark.django_db(transaction=True)
def test_others_are_answered_stale_while_one_refreshes(client, tmdb, later):
    client.get(URL)
    later(hours=7)
    tmdb.add_fault({"fault": "latency", "seconds": 1, "path": PATH})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: page(UPCOMING, Load()), range(8)))
    sources = sorted(answer.source.value for answer in answers)
    assert sources == ["stale"] * 7 + ["stored"]
    assert asked(tmdb) == 2


@pytest.mark.django_db(transaction=True)
def test_on_a_cold_key_one_asks_and_the_rest_wait(tmdb):
    tmdb.add_fault({"fault": "latency", "seconds": 0.5, "path": PATH})
    start = threading.Barrier(12)

    def ask(_):
        start.wait()
        return page(UPCOMING, Load())

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(ask, range(12)))
    assert asked(tmdb) == 1
    assert len({answer.document.etag for answer in answers}) == 1
    assert [answer.source.value for answer in answers].count("stored") == 1


def test_a_failure_is_shared_by_those_who_wait_and_by_nobody_later(backend):
    calls = []
    start = threading.Barrier(8)

    def fail(load: Load) -> Fetched:
        calls.append(1)
        threading.Event().wait(0.3)
        raise TMDbUnavailable("away", 7)

    def ask(_):
        start.wait()
        try:
            single_flight.answer(Key.of(SEARCH.group, query="x"), fail, Load())
        except LoadFailed as error:
            return error

    with ThreadPoolExecutor(8) as pool:
        errors = list(pool.map(ask, range(8)))
    assert len(calls) == 1
    assert {error.retry_after for error in errors} == {7}
    assert (
        single_flight.answer(
            Key.of(SEARCH.group, query="x"), lambda load: Fetched({}), Load()
        ).source
        is Source.STORED
    )


def test_a_load_that_crashes_leaves_no_lock_behind(backend):
    def crash(load: Load) -> Fetched:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        single_flight.answer(Key.of(SEARCH.group, query="x"), crash, Load())
    assert (
        single_flight.answer(
            Key.of(SEARCH.group, query="x"), lambda load: Fetched({}), Load()
        ).source
        is Source.STORED
    )


def test_a_dead_workers_lock_runs_out(backend, monkeypatch):
    monkeypatch.setattr(single_flight, "LOCK_SECONDS", 0.5)
    key = Key.of(SEARCH.group, query="x")
    store = single_flight.shared()
    assert store.add(f"lock:{key}", b"dead", 0.5)
    assert single_flight.answer(key, lambda load: Fetched({}), Load()).source is Source.STORED


def test_waiters_outlast_a_dead_workers_lock_and_the_load_after_it(backend):
    key = Key.of(SEARCH.group, query="x")
    single_flight.shared().add(f"lock:{key}", b"dead", 0.5)

    def fetch(load: Load) -> Fetched:
        time.sleep(1)
        return Fetched({})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: single_flight.answer(key, fetch, Load()), range(6)))
    assert sorted(each.source.value for each in answers) == ["hit"] * 5 + ["stored"]


def test_a_lock_that_is_our_own_is_no_obstacle(backend, monkeypatch):
    """As when Redis carried out what redis-py then repeated."""
    store = single_flight.shared()
    real_add = type(store).add

    def add_twice(self, name, value, seconds):
        real_add(self, name, value, seconds)
        return real_add(self, name, value, seconds)

    monkeypatch.setattr(type(store), "add", add_twice)
    began = time.monotonic()
    assert (
        single_flight.answer(
            Key.of(SEARCH.group, query="x"), lambda load: Fetched({}), Load()
        ).source
        is Source.STORED
    )
    assert time.monotonic() - began < 5


def test_a_load_ends_before_its_lock(backend, tmdb, monkeypatch):
    monkeypatch.setattr(single_flight, "LONGEST_LOAD", 0.5)
    tmdb.add_fault({"fault": "latency", "seconds": 0.3})
    # The page takes 0.3 s. The names of its genres would take as long again and are cut off.
    found = page(TRENDING, Load(), window="day", language="fr")
    assert found.source is Source.UNSTORED


def test_a_wait_has_an_end(backend, monkeypatch):
    monkeypatch.setattr(single_flight, "LONGEST_WAIT", 0.2)
    key = Key.of(SEARCH.group, query="x")
    single_flight.shared().add(f"lock:{key}", b"slow", 60)
    with pytest.raises(Exception, match="did not come"):
        single_flight.answer(key, lambda load: Fetched({}), Load())
