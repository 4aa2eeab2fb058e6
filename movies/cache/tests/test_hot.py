"""Copies of responses in front of Django, through the WSGI application."""

import json
import time

import pytest
from django.core.management import call_command

from movie_recommendation_backend.http.request_log import JsonFormatter
from movies.cache import counts, documents, hot
from movies.cache.operations import clear
from movies.cache.tests.wsgi import Wsgi

pytestmark = pytest.mark.django_db

PATH = "/api/movies/popular/"


@pytest.fixture
def site(backend):
    return Wsgi()


@pytest.fixture
def copied(site):
    """Return a site that has a copy of PATH."""
    site.get()
    site.get()
    assert site.passed_on == 2
    return site


def test_the_second_hit_does_not_reach_django(copied):
    status, headers, body = copied.get()
    assert copied.passed_on == 2
    assert status == "200 OK"
    assert json.loads(body)["page"] == 1
    assert headers["Cache-Status"] in ("catalogue; hit; ttl=21599", "catalogue; hit; ttl=21600")


def test_a_response_that_was_just_loaded_is_not_copied(site):
    site.get()
    status, headers, _ = site.get()
    assert headers["Cache-Status"].startswith("catalogue; hit")
    assert site.passed_on == 2


def test_each_response_has_its_own_request_id(copied):
    first, second = (copied.get()[1]["X-Request-ID"] for _ in range(2))
    assert first != second and len(first) == 32
    assert copied.get(x_request_id="mine")[1]["X-Request-ID"] == "mine"
    assert copied.get(x_request_id="not valid")[1]["X-Request-ID"] != "not valid"


@pytest.fixture
def rarely_checked(settings):
    settings.HOT_COPY_SECONDS = 60


def test_the_remaining_freshness_counts_down(rarely_checked, copied, later):
    later(seconds=30)
    _, headers, _ = copied.get()
    assert copied.passed_on == 2
    assert headers["Cache-Status"] in ("catalogue; hit; ttl=21569", "catalogue; hit; ttl=21570")
    assert headers["Cache-Control"].startswith(("public, max-age=21569,", "public, max-age=21570,"))


def test_a_stale_document_is_left_to_django(rarely_checked, copied, later):
    later(hours=6, seconds=1)
    assert copied.get()[1]["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert copied.passed_on == 3


def test_not_modified_has_no_body(copied):
    etag = copied.get()[1]["ETag"]
    for header in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        status, headers, body = copied.get(if_none_match=header)
        assert (status, body) == ("304 Not Modified", b"")
        assert headers["ETag"] == etag
        assert not headers.keys() & {"Content-Length", "Content-Type", "Content-Encoding"}
    assert copied.get(if_none_match='"x"')[0] == "200 OK"
    assert copied.passed_on == 2


def test_head_has_the_headers_of_get(copied):
    _, of_get, body = copied.get()
    _, of_head, nothing = copied.get(method="HEAD")
    assert copied.passed_on == 2
    assert nothing == b""
    assert of_head["Content-Length"] == of_get["Content-Length"] == str(len(body))


def test_each_coding_has_its_own_copy(copied):
    copied.get(accept_encoding="gzip")
    copied.get(accept_encoding="br, gzip;q=0.5")
    assert copied.passed_on == 3
    assert copied.get(accept_encoding="gzip")[1]["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in copied.get(accept_encoding="gzip;q=0")[1]
    assert copied.passed_on == 3


def test_personal_answers_and_errors_are_not_copied(site):
    for path in ("/api/users/profile/", "/api/movies/0/", "/api/movies/1/", "/api/docs/", "/"):
        for _ in range(3):
            site.get(path)
    site.get(query="page=501")
    site.get(query="page=501")
    assert site.passed_on == 17


def test_a_post_is_not_answered_with_a_copy(copied):
    assert copied.get(method="POST")[0] == "405 Method Not Allowed"


def test_another_host_does_not_get_the_copy(copied):
    assert copied.get(host="evil.example")[0] == "400 Bad Request"


def test_a_cleared_document_is_served_no_longer_than_hot_copy_seconds(redis, later):
    site = Wsgi()
    site.get()
    site.get()
    call_command("clear_cache", "--group", "popular", verbosity=0)
    assert site.get()[0] == "200 OK"
    assert site.passed_on == 2
    later(seconds=1)
    assert site.get()[1]["Cache-Status"] == "catalogue; fwd=miss; stored"


def test_a_copy_is_only_as_old_as_its_request(redis, later, monkeypatch):
    """A document that is cleared while Django answers is not served for longer."""
    site = Wsgi()
    site.get()
    offer = hot.offer

    def slowly(*args):
        clear()
        later(seconds=1)
        offer(*args)

    monkeypatch.setattr(hot, "offer", slowly)
    site.get()
    monkeypatch.setattr(hot, "offer", offer)
    assert site.get()[1]["Cache-Status"] == "catalogue; fwd=miss; stored"


def test_a_replaced_document_is_noticed(redis, later):
    """Another worker has stored the document again."""
    site, other = Wsgi(), Wsgi()
    for _ in range(3):
        site.get()
    clear()
    later(seconds=30)
    other.get()
    assert site.get()[1]["Cache-Status"] in (
        "catalogue; hit; ttl=21599",
        "catalogue; hit; ttl=21600",
    )
    assert site.passed_on == 3


def test_without_hot_copies_the_key_is_looked_at_each_time(redis, settings):
    settings.HOT_COPY_SECONDS = 0
    site = Wsgi()
    site.get()
    site.get()
    assert site.get()[0] == "200 OK"
    assert site.passed_on == 2
    clear()
    assert site.get()[1]["Cache-Status"] == "catalogue; fwd=miss; stored"


def test_copies_are_bounded_in_number(redis, monkeypatch, settings):
    settings.HOT_COPY_SECONDS = 0
    site = Wsgi()
    monkeypatch.setattr(hot, "MAX_COPIES", 2)
    queries = ["page=1", "page=2", "page=3"]
    for query in queries:
        site.get(query=query)
        site.get(query=query)
    asked = site.passed_on
    site.get(query="page=3")
    site.get(query="page=2")
    assert site.passed_on == asked
    site.get(query="page=1")
    assert site.passed_on == asked + 1
    # The least recently used one had to go.
    site.get(query="page=2")
    assert site.passed_on == asked + 1


def test_copies_are_bounded_in_bytes(site, monkeypatch):
    monkeypatch.setattr(hot, "MAX_BYTES", 1)
    for _ in range(3):
        site.get()
    assert site.passed_on == 3


def test_a_copy_is_counted_and_logged(redis, caplog):
    site = Wsgi()
    caplog.set_level("INFO")
    for _ in range(4):
        site.get(x_request_id="mine")
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    requests = [line for line in lines if line.get("route")]
    assert len(requests) == 4 and site.passed_on == 2
    by_django, by_copy = requests[1], requests[2]
    assert by_copy.keys() == by_django.keys()
    assert by_copy["path"] == PATH and by_copy["status"] == 200
    assert by_copy["cache"].startswith("catalogue; hit; ttl=")


def test_hits_of_copies_are_in_the_statistics(redis, capsys):
    site = Wsgi()
    for _ in range(5):
        site.get()
    counts.flush()
    call_command("cache_stats", "--json")
    assert json.loads(capsys.readouterr().out)["groups"]["popular"]["hits"] == 4


def test_redis_gone_means_no_copies(own_redis, later):
    site = Wsgi()
    for _ in range(3):
        site.get()
    own_redis.stop()
    assert site.get()[1]["Cache-Status"].startswith("catalogue; hit")
    later(seconds=1)
    status, headers, _ = site.get()
    assert (status, headers["Cache-Status"]) == ("200 OK", "catalogue; fwd=miss; stored")


def test_the_clock_may_step_back(redis, monkeypatch, later):
    """A virtual machine that resumes, or NTP: a copy is still checked within its seconds."""
    site = Wsgi()
    site.get()
    site.get()
    monkeypatch.setattr(documents, "now", lambda: time.time() - 600)
    clear()
    monkeypatch.setattr(hot, "clock", lambda: time.monotonic() + 1)
    assert site.get()[1]["Cache-Status"] == "catalogue; fwd=miss; stored"
