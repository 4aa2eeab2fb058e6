"""Only one request at a time loads a document."""

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

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

URL = "/api/movies/upcoming/"
PATH = "/movie/upcoming"


@pytest.fixture
def tmdb(backend, tmdb):
    return tmdb


def asked(tmdb, path: str = PATH) -> int:
    return tmdb.requests()["paths"].get(path, 0)


@pytest.mark.django_db(transaction=True)
def test_while_one_request_refreshes_the_others_get_the_stale_document(client, tmdb, later):
    client.get(URL)
    later(hours=7)
    tmdb.add_fault({"fault": "latency", "seconds": 1, "path": PATH})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: page(UPCOMING, Load()), range(8)))
    sources = sorted(answer.source.value for answer in answers)
    assert sources == ["stale"] * 7 + ["stored"]
    assert asked(tmdb) == 2


@pytest.mark.django_db(transaction=True)
def test_while_one_request_loads_a_missing_document_the_others_wait(tmdb):
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


def test_a_failure_is_shared_by_requests_that_wait_but_not_by_later_ones(backend):
    calls = []
    start = threading.Barrier(8)

    def fail(load: Load) -> Fetched:
        calls.append(1)
        threading.Event().wait(0.3)
        raise TMDbUnavailable("down", 7)

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


def test_a_load_that_crashes_releases_its_lock(backend):
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


def test_a_dead_workers_lock_expires(backend, monkeypatch):
    monkeypatch.setattr(single_flight, "LOCK_SECONDS", 0.5)
    key = Key.of(SEARCH.group, query="x")
    store = single_flight.shared()
    assert store.add(f"lock:{key}", b"dead", 0.5)
    assert single_flight.answer(key, lambda load: Fetched({}), Load()).source is Source.STORED


def test_requests_wait_for_a_dead_workers_lock_and_then_for_the_next_load(backend):
    key = Key.of(SEARCH.group, query="x")
    single_flight.shared().add(f"lock:{key}", b"dead", 0.5)

    def fetch(load: Load) -> Fetched:
        time.sleep(1)
        return Fetched({})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: single_flight.answer(key, fetch, Load()), range(6)))
    assert sorted(each.source.value for each in answers) == ["hit"] * 5 + ["stored"]


def test_a_lock_that_was_set_twice_is_still_ours(backend, monkeypatch):
    """redis-py repeats a command whose reply was lost."""
    store = single_flight.shared()
    real_add = type(store).add

    def add_twice(self, name, value, seconds):
        real_add(self, name, value, seconds)
        return real_add(self, name, value, seconds)

    monkeypatch.setattr(type(store), "add", add_twice)
    # If the lock counted as another request's, the answer would be an error.
    monkeypatch.setattr(single_flight, "LONGEST_WAIT", single_flight.LOCK_SECONDS / 2)
    assert (
        single_flight.answer(
            Key.of(SEARCH.group, query="x"), lambda load: Fetched({}), Load()
        ).source
        is Source.STORED
    )


def test_a_load_is_cut_off_before_its_lock_expires(backend, tmdb, monkeypatch):
    monkeypatch.setattr(single_flight, "LONGEST_LOAD", 1.5)
    tmdb.add_fault({"fault": "latency", "seconds": 0.9})
    # After the page, too little time is left for the genre names.
    found = page(TRENDING, Load(), window="day", language="fr")
    assert found.source is Source.UNSTORED


def test_waiting_for_another_request_has_a_limit(backend, monkeypatch):
    monkeypatch.setattr(single_flight, "LONGEST_WAIT", 0.2)
    key = Key.of(SEARCH.group, query="x")
    single_flight.shared().add(f"lock:{key}", b"slow", 60)
    with pytest.raises(Exception, match="did not arrive"):
        single_flight.answer(key, lambda load: Fetched({}), Load())
