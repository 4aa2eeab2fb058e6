"""THROTTLE_ANON counts only the requests that ask TMDb."""

import threading

import pytest
from django.db import connection

from movie_recommendation_backend.tests.conformance import ConformingClient
from movies.tests.waiting import wait_for_request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_a_minute(settings, backend):
    settings.THROTTLE_ANON = "2/min"


def ask(client, path: str, **options):
    return client.get(f"/api/movies/{path}", **options)


def use_up(client, **options) -> None:
    for query in ("first", "second"):
        response = ask(client, f"search/?query={query}", **options)
        assert response["Cache-Status"] == "catalogue; fwd=miss; stored"


def test_hits_are_not_counted(client, tmdb):
    use_up(client)
    for _ in range(5):
        assert ask(client, "search/?query=first")["Cache-Status"].startswith("catalogue; hit")


def test_above_the_limit_a_question_is_a_429_and_tmdb_is_not_asked(client, tmdb):
    use_up(client)
    tmdb.forget_requests()
    response = ask(client, "trending/")
    assert response.status_code == 429
    assert response.json()["errors"][0]["code"] == "throttled"
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not tmdb.requests()["paths"]


def test_above_the_limit_the_database_answers_if_it_can(client, tmdb):
    ask(client, "603/", REMOTE_ADDR="10.0.0.9")
    use_up(client)
    response = ask(client, "search/?query=matrix")
    assert response.json()["results"][0]["id"] == 603
    assert response["Cache-Status"] == "catalogue; fwd=miss; detail=database"


def test_above_the_limit_a_stale_document_is_served(client, tmdb, later):
    ask(client, "search/?query=first")
    later(hours=2)
    ask(client, "trending/")
    response = ask(client, "search/?query=first")
    assert response.status_code == 200
    assert response["Cache-Status"].startswith("catalogue; hit; ttl=-")


def test_a_page_and_its_genre_names_count_as_one_request(client, tmdb):
    ask(client, "popular/")
    assert tmdb.requests()["paths"]["/genre/movie/list"] == 1
    assert ask(client, "trending/")["Cache-Status"] == "catalogue; fwd=miss; stored"


def test_each_address_has_its_own_limit(client, tmdb):
    use_up(client)
    assert ask(client, "trending/", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_tokens_are_ignored(client, tmdb):
    use_up(client)
    headers = {"authorization": "Bearer x"}
    assert ask(client, "trending/", headers=headers).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_requests_that_wait_for_another_are_neither_counted_nor_rejected(client, tmdb):
    use_up(client)
    tmdb.add_fault({"fault": "latency", "seconds": 0.5, "path": "/trending/movie/week"})
    answers = {}

    def visit(name: str, address: str) -> None:
        answers[name] = ask(ConformingClient(), "trending/", REMOTE_ADDR=address)
        connection.close()

    leader = threading.Thread(target=visit, args=("leader", "10.0.0.9"))
    leader.start()
    wait_for_request(tmdb, "/trending/movie/week")
    others = [threading.Thread(target=visit, args=(str(n), "127.0.0.1")) for n in range(10)]
    for thread in others:
        thread.start()
    for thread in (leader, *others):
        thread.join()
    assert {each.status_code for each in answers.values()} == {200}
    assert tmdb.requests()["paths"]["/trending/movie/week"] == 1
