"""The request budget: one rate for all workers, with a reserve, and never a long wait."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from movies.services import budget as module
from movies.services.budget import Budget, BudgetExhausted, reserve
from movies.services.tmdb_service import service


def taken(budget: Budget, tries: int = 100) -> int:
    """Return how many tokens there are to be had at once."""
    return sum(budget.seconds_to_wait() == 0 for _ in range(tries))


@pytest.fixture(params=["local memory", "Redis"])
def anywhere(request):
    if request.param == "Redis":
        request.getfixturevalue("redis")


def test_the_last_quarter_is_for_refreshes_and_details(anywhere):
    # So slow that nothing is refilled while the test runs.
    budget = Budget(rate=0.01, workers=1)
    budget.capacity = budget.tokens = 20
    assert taken(budget) == 15
    with reserve():
        assert taken(budget) == 5


def test_it_says_how_long_to_wait(anywhere):
    budget = Budget(rate=2, workers=1)
    taken(budget)
    assert 0 < budget.seconds_to_wait() <= 0.5


def test_a_short_wait_is_waited_and_a_long_one_is_refused(anywhere):
    quick, slow = Budget(rate=20, workers=1), Budget(rate=1, workers=1)
    taken(quick, 15)
    quick.take()
    taken(slow)
    began = time.monotonic()
    with pytest.raises(BudgetExhausted) as error:
        slow.take()
        slow.take()
    assert error.value.retry_after > 0
    assert time.monotonic() - began < 5


def test_all_workers_share_it(redis):
    budgets = [Budget(rate=0.01, workers=4) for _ in range(4)]
    for budget in budgets:
        budget.capacity = 20
    start = threading.Barrier(4)

    def spend(budget: Budget) -> int:
        start.wait()
        return taken(budget, 50)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, budgets)) == 15


def test_without_redis_each_worker_has_its_share():
    budget = Budget(rate=20, workers=4)
    assert budget.tokens == 5
    # Nothing is refilled while the test runs.
    budget.rate = 0.01
    assert taken(budget) == 3


def test_it_refills_at_its_rate(anywhere, monkeypatch):
    budget = Budget(rate=20, workers=1)
    taken(budget, 15)
    time.sleep(0.3)
    # 6 in 0.3 seconds, and a little for the time that the test itself took.
    assert 5 <= taken(budget, 15) <= 12


def test_the_smallest_rate_still_serves(anywhere):
    budget = Budget(rate=1, workers=8)
    assert taken(budget) >= 1


@pytest.mark.django_db
def test_who_may_not_ask_is_told_when_to_come_back(client, tmdb, settings, monkeypatch):
    settings.TMDB_REQUESTS_PER_SECOND = 1
    monkeypatch.setattr(module, "LONGEST_WAIT", 0)
    service.cache_clear()
    answers = [client.get(f"/api/movies/upcoming/?page={page}") for page in range(1, 9)]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert all(1 <= int(answer["Retry-After"]) <= 10 for answer in refused)
    assert tmdb.requests()["total"] <= 4


@pytest.mark.django_db
def test_retries_are_paid_for_too(client, tmdb, settings):
    settings.TMDB_REQUESTS_PER_SECOND = 1
    service.cache_clear()
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    client.get("/api/movies/603/")
    # Two tokens in the bucket: the request and one retry.
    assert tmdb.requests()["paths"]["/movie/603"] == 2


@pytest.mark.django_db
def test_the_demo_has_none(client, settings):
    settings.TMDB_REQUESTS_PER_SECOND = 1
    service.cache_clear()
    for page in range(1, 20):
        assert client.get(f"/api/movies/popular/?page={page}").status_code == 200
    service.cache_clear()
