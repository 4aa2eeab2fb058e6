"""The budget limits the requests to TMDb per second, with a reserve and without long waits."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from movies.load import FULL_SHARE, LONGEST_BUDGET_WAIT, USUAL_SHARE, Load
from movies.services import budget as module
from movies.services.budget import Budget, BudgetExhausted
from movies.services.tmdb_service import service


def taken(budget: Budget, tries: int = 60, share: float = USUAL_SHARE) -> int:
    """Return how many of `tries` requests are allowed at once."""
    return sum(budget.seconds_to_wait(share) == 0 for _ in range(tries))


@pytest.fixture(params=["local memory", "Redis"])
def anywhere(request):
    if request.param == "Redis":
        request.getfixturevalue("redis")


@pytest.fixture
def long_seconds(monkeypatch):
    """Make the window longer than the test."""
    monkeypatch.setattr(module, "WINDOW", 60.0)


def test_a_window_has_no_more_requests_than_the_rate(anywhere, long_seconds):
    assert taken(Budget(rate=20, workers=1), share=FULL_SHARE) == 20


def test_the_last_quarter_is_reserved_for_refreshes_and_details(anywhere, long_seconds):
    budget = Budget(rate=20, workers=1)
    assert taken(budget) == 15
    assert taken(budget, share=FULL_SHARE) == 5


@pytest.mark.parametrize("rate", [1, 2, 3, 4])
def test_the_lowest_rates_allow_a_request(anywhere, long_seconds, rate):
    assert taken(Budget(rate=rate, workers=1)) >= 1


def test_an_exhausted_budget_has_a_time_to_wait(anywhere, long_seconds):
    budget = Budget(rate=2, workers=1)
    taken(budget)
    assert 55 < budget.seconds_to_wait() <= 60


def test_requests_are_allowed_again_after_the_window(anywhere, monkeypatch):
    monkeypatch.setattr(module, "WINDOW", 0.2)
    budget = Budget(rate=8, workers=1)
    assert taken(budget, 6) == 6
    time.sleep(0.25)
    assert taken(budget, 6) == 6


def test_requests_wait_for_a_short_time(anywhere, monkeypatch):
    monkeypatch.setattr(module, "WINDOW", 0.2)
    waits, sleep = [], time.sleep
    monkeypatch.setattr(module.time, "sleep", lambda wait: (waits.append(wait), sleep(wait)))
    budget = Budget(rate=4, workers=1)
    for _ in range(6):
        budget.take(Load().with_one_wait())
    assert waits


def test_a_longer_wait_is_an_error_at_once(anywhere, long_seconds):
    budget = Budget(rate=4, workers=1)
    taken(budget)
    with pytest.raises(BudgetExhausted) as error:
        budget.take(Load())
    assert error.value.retry_after > 1


def test_the_waits_of_a_load_are_limited_in_total(monkeypatch):
    slept = []
    monkeypatch.setattr(module.time, "sleep", slept.append)
    budget = Budget(rate=4, workers=1)
    monkeypatch.setattr(budget, "seconds_to_wait", lambda share: 0.1)
    load = Load().with_one_wait()
    with pytest.raises(BudgetExhausted):
        while True:
            budget.take(load)
    assert sum(slept) <= LONGEST_BUDGET_WAIT


def test_all_workers_share_the_budget(redis, long_seconds):
    budgets = [Budget(rate=20, workers=4) for _ in range(4)]
    start = threading.Barrier(4)

    def spend(budget: Budget) -> int:
        start.wait()
        return taken(budget, 20)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, budgets)) == 15


@pytest.mark.parametrize(
    "rate, workers, share, window", [(20, 4, 5, 1), (20, 3, 6, 0.9), (1, 8, 1, 8), (2, 4, 1, 2)]
)
def test_without_redis_each_worker_has_a_share(rate, workers, share, window):
    budget = Budget(rate, workers)
    assert (budget.process_rate, budget.process_window) == (share, window)
    # All workers together must not exceed the rate.
    assert workers * budget.process_rate / budget.process_window == pytest.approx(rate)


@pytest.mark.django_db
def test_without_budget_the_answer_is_a_503_with_retry_after(client, tmdb, settings, long_seconds):
    settings.TMDB_REQUESTS_PER_SECOND = 4
    service.cache_clear()
    answers = [client.get(f"/api/movies/upcoming/?page={page}") for page in range(1, 9)]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) >= 4
    assert all(1 <= int(answer["Retry-After"]) <= 60 for answer in refused)
    assert tmdb.requests()["total"] <= 4


@pytest.mark.django_db
def test_retries_count_against_the_budget(client, tmdb, settings, long_seconds):
    settings.TMDB_REQUESTS_PER_SECOND = 2
    service.cache_clear()
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    client.get("/api/movies/603/")
    # The budget suffices for the request and one retry.
    assert tmdb.requests()["paths"]["/movie/603"] == 2


@pytest.mark.django_db
def test_the_demo_has_no_budget(client, settings):
    settings.TMDB_REQUESTS_PER_SECOND = 1
    service.cache_clear()
    for page in range(1, 20):
        assert client.get(f"/api/movies/popular/?page={page}").status_code == 200
    service.cache_clear()
