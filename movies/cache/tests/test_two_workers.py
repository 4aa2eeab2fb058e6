"""Two gunicorn workers that share a Redis ask TMDb each question once."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from movie_recommendation_backend.tests.serving import served
from movies.tests.waiting import wait_for_request

pytestmark = pytest.mark.slow

KEY = "0123456789abcdef" * 2


@pytest.fixture
def site(redis, settings, standin, tmp_path):
    standin.clear_faults()
    standin.forget_requests()
    environment = {
        "REDIS_URL": settings.REDIS_URL,
        "WEB_CONCURRENCY": "2",
        "TMDB_DEMO": "false",
        "TMDB_API_KEY": KEY,
        "TMDB_BASE_URL": standin.url,
    }
    with served(tmp_path, **environment) as site:
        # Genre names are a separate question.
        requests.get(f"{site.url}/api/movies/genres/", timeout=10)
        standin.forget_requests()
        yield site
    standin.clear_faults()


def ask_all(urls: list[str]) -> list[requests.Response]:
    with ThreadPoolExecutor(40) as pool:
        return list(pool.map(lambda url: requests.get(url, timeout=30), urls))


def test_hundreds_of_requests_for_a_missing_document_cause_one_to_tmdb(site, standin):
    standin.add_fault({"fault": "latency", "seconds": 1, "times": 1})
    answers = ask_all([f"{site.url}/api/movies/popular/"] * 300)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert standin.requests()["paths"] == {"/movie/popular": 1}


def test_many_spellings_of_a_question_cause_one_request_to_tmdb(site, standin):
    spellings = [
        f"?{'&'.join(parts)}"
        for query in ("star+wars", "Star%20Wars", "STAR++WARS", "+star+wars+", "star%09wars")
        for parts in (
            [f"query={query}"],
            ["page=1", f"query={query}"],
            [f"query={query}", "language=EN-us"],
            [f"query={query}", "include_adult=false", "page=1"],
            ["utm_source=x", f"query={query}"],
        )
    ]
    answers = ask_all([f"{site.url}/api/movies/search/{each}" for each in spellings])
    assert {answer.status_code for answer in answers} == {200}
    assert standin.requests()["paths"] == {"/search/movie": 1}


def test_the_lock_of_a_killed_worker_expires(site, standin):
    standin.add_fault({"fault": "latency", "seconds": 4, "times": 1})
    url = f"{site.url}/api/movies/upcoming/"
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(requests.get, url, timeout=30)
        wait_for_request(standin, "/movie/upcoming")
        for worker in site.workers():
            os.kill(worker, signal.SIGKILL)
        with pytest.raises(requests.ConnectionError):
            lost.result()
    # If the lock did not expire, the answer would be a 503.
    assert ask_until_there(url).status_code == 200
    assert standin.requests()["paths"] == {"/movie/upcoming": 2}


def ask_until_there(url: str) -> requests.Response:
    """Ask until the new workers listen."""
    for _ in range(100):
        try:
            return requests.get(url, timeout=30)
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the workers did not restart")
