"""TMDb's health: while it is down or asks for a pause, it is not asked."""

import threading

import pytest

from movies.services import health as module
from movies.services.health import FAILURES_TO_OPEN, RETRY_AFTER, CircuitOpen, Health
from movies.services.tmdb_service import service


@pytest.fixture
def clock(monkeypatch):
    """A clock that only the test moves."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def opened(clock):
    health = Health()
    for _ in range(FAILURES_TO_OPEN):
        health.check()
        health.failed()
    return health


def test_only_consecutive_failures_open_it(clock):
    health = Health()
    for _ in range(3):
        for _ in range(FAILURES_TO_OPEN - 1):
            health.failed()
        health.succeeded()
    assert health.state == "closed"
    assert health.last_success_at == 1000.0


def test_while_open_it_allows_no_request_and_has_a_retry_after(clock, opened):
    clock.now += 3
    with pytest.raises(CircuitOpen) as error:
        opened.check()
    assert error.value.retry_after == RETRY_AFTER - 3
    assert opened.state == "open"


def test_while_half_open_it_allows_one_probe(clock, opened):
    clock.now += RETRY_AFTER
    assert opened.state == "half-open"
    passed = []

    def knock():
        try:
            opened.check()
            passed.append(1)
        except CircuitOpen:
            pass

    threads = [threading.Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 1


def test_a_probe_that_succeeds_closes_it(clock, opened):
    clock.now += RETRY_AFTER
    opened.check()
    opened.succeeded()
    opened.check()
    assert opened.state == "closed"


def test_a_probe_that_fails_opens_it_again(clock, opened):
    clock.now += RETRY_AFTER
    opened.check()
    opened.failed()
    with pytest.raises(CircuitOpen):
        opened.check()


def test_a_probe_that_was_not_sent_is_allowed_again(clock, opened):
    clock.now += RETRY_AFTER
    opened.not_asked(opened.check())
    assert opened.check() is True


def test_an_earlier_request_that_was_not_sent_does_not_close_it(clock, opened):
    health = Health()
    early = health.check()
    for _ in range(FAILURES_TO_OPEN):
        health.failed()
    health.not_asked(early)
    with pytest.raises(CircuitOpen):
        health.check()


def test_a_rejected_request_is_neither_a_failure_nor_a_success(clock):
    health = Health()
    health.failed()
    health.refused()
    assert (health.failures, health.last_success_at) == (0, None)


@pytest.mark.django_db
def test_during_an_outage_tmdb_is_not_asked(client, tmdb):
    tmdb.add_fault({"fault": "error", "status": 500, "path": "/movie/"})
    for movie_id in range(1, 20):
        response = client.get(f"/api/movies/{movie_id}/")
        assert response.status_code == 503
        assert 1 <= int(response["Retry-After"]) <= 10
    # Each request is tried three times before it counts as a failure.
    assert tmdb.requests()["total"] == 3 * FAILURES_TO_OPEN
    assert service().health.state == "open"


@pytest.mark.django_db
def test_the_retry_after_of_a_429_applies_to_all_later_requests(client, tmdb):
    tmdb.add_fault({"fault": "error", "status": 429, "retry_after": 30, "times": 1})
    for movie_id in (603, 604, 550):
        response = client.get(f"/api/movies/{movie_id}/")
        assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert tmdb.requests()["total"] == 1
    assert service().health.state == "closed"


@pytest.mark.django_db
@pytest.mark.parametrize("status, code", [(404, 34), (401, 7), (422, 5)])
def test_a_4xx_is_not_a_failure(client, tmdb, status, code):
    tmdb.add_fault({"fault": "error", "status": status, "code": code, "path": "/movie/"})
    for movie_id in range(1, 10):
        client.get(f"/api/movies/{movie_id}/")
    assert service().health.state == "closed"
    assert tmdb.requests()["total"] == 9
