"""The life cycle of a document as clients see it: fresh, stale and expired."""

import gzip
import json

import pytest

from movie_recommendation_backend import redis_connection
from movies.cache import single_flight
from movies.cache.answers import Fetched, Source
from movies.cache.backends import local
from movies.cache.documents import Document, Key
from movies.cache.operations import clear
from movies.load import Load
from movies.models import Movie
from movies.questions import SEARCH
from movies.services.tmdb_service import service
from movies.tests.builders import list_page

pytestmark = pytest.mark.django_db

URL = "/api/movies/upcoming/"
PATH = "/movie/upcoming"
HIT = r"catalogue; hit; ttl="
STORED = "catalogue; fwd=miss; stored"


@pytest.fixture
def tmdb(backend, tmdb):
    return tmdb


def asked(tmdb, path: str = PATH) -> int:
    return tmdb.requests()["paths"].get(path, 0)


def test_the_first_answer_is_stored_and_the_second_is_a_hit(client, tmdb):
    first, second = client.get(URL), client.get(URL)
    assert first["Cache-Status"] == STORED
    assert second["Cache-Status"] in (f"{HIT}21599", f"{HIT}21600")
    assert first.content == second.content
    assert asked(tmdb) == 1


def test_a_hit_does_not_query_the_database(client, tmdb, django_assert_num_queries):
    client.get(URL)
    with django_assert_num_queries(0):
        assert client.get(URL)["Cache-Status"].startswith(HIT)


def test_cache_control_contains_the_remaining_freshness(client, tmdb, later):
    client.get(URL)
    later(hours=1)
    control = client.get(URL)["Cache-Control"]
    names = dict(part.strip().partition("=")[::2] for part in control.split(","))
    assert names.keys() == {"public", "max-age", "stale-while-revalidate", "stale-if-error"}
    assert 17990 <= int(names["max-age"]) <= 18000
    assert names["stale-while-revalidate"] == "600"
    # Seven days in all, counted from the end of the six hours.
    assert names["stale-if-error"] in ("583199", "583200")
    assert not client.get(URL).has_header("Age")


def test_a_stale_document_is_refreshed_by_the_next_request(client, tmdb, later):
    client.get(URL)
    later(hours=6, seconds=1)
    assert client.get(URL)["Cache-Status"] == STORED
    assert client.get(URL)["Cache-Status"].startswith(HIT)
    assert asked(tmdb) == 2


def test_a_stale_document_is_served_if_tmdb_fails(client, tmdb, later):
    fresh = client.get(URL)
    later(days=6)
    tmdb.add_fault({"fault": "html", "path": PATH})
    stale = client.get(URL)
    assert (stale.status_code, stale.content) == (200, fresh.content)
    assert stale["Cache-Status"].startswith("catalogue; hit; ttl=-")
    assert stale["Cache-Control"].startswith("public, max-age=0, stale-while-revalidate=600")
    assert stale["ETag"] == fresh["ETag"]


def test_an_expired_document_is_not_served(client, tmdb, later):
    client.get(URL)
    later(days=7, seconds=1)
    tmdb.add_fault({"fault": "html", "path": PATH})
    response = client.get(URL)
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    assert int(response["Retry-After"]) >= 1
    assert not response.has_header("ETag")


def test_a_page_without_any_movie_is_not_accepted(client, tmdb):
    page = list_page(None, 1, "x", total_results=100)
    tmdb.add_fault({"fault": "json", "path": PATH, "body": page, "times": 1})
    assert client.get(URL).status_code == 503
    tmdb.add_fault({"fault": "json", "path": PATH, "body": list_page(status_code=11), "times": 1})
    assert client.get(URL).status_code == 503
    assert client.get(URL)["Cache-Status"] == STORED


def test_a_page_without_genre_names_is_not_cached(client, tmdb):
    tmdb.add_fault({"fault": "html", "path": "/genre"})
    first = client.get(f"{URL}?language=de")
    assert (first.status_code, first["Cache-Status"]) == (200, "catalogue; fwd=miss")
    assert first["Cache-Control"] == "no-store"
    tmdb.clear_faults()
    service.cache_clear()
    assert client.get(f"{URL}?language=de")["Cache-Status"] == STORED


def test_genre_names_that_could_not_be_fetched_are_not_requested_again_at_once(client, tmdb):
    tmdb.add_fault({"fault": "error", "status": 401, "path": "/genre"})
    for page in (1, 2, 3):
        client.get(f"/api/movies/popular/?page={page}")
    assert asked(tmdb, "/genre/movie/list") == 1


def test_cache_ttl_scale_multiplies_all_lifetimes(client, tmdb, settings, later):
    settings.CACHE_TTL_SCALE = 0.001
    client.get(URL)
    assert client.get(URL)["Cache-Status"] in (f"{HIT}21", f"{HIT}20")
    later(seconds=22)
    assert client.get(URL)["Cache-Status"] == STORED


def test_a_malformed_entry_is_a_miss(backend):
    key = Key.of(SEARCH.group, query="x")
    for malformed in (b"", b"\n", b"{}\nx", b"[1, 2]\nx", b"\x80\x04pickle", b'["a"]\n'):
        single_flight.shared().set(str(key), malformed, 60)
        assert single_flight.answer(key, lambda load: Fetched({}), Load()).source is Source.STORED


def test_a_document_can_be_packed_and_unpacked(backend):
    document = Document.of(SEARCH.group, {"title": "Amélie 千と千尋"})
    assert Document.unpack(document.pack()) == document
    assert gzip.decompress(document.gzipped) == document.body
    assert json.loads(document.body) == {"title": "Amélie 千と千尋"}


def test_with_redis_no_document_is_kept_in_the_process(client, redis, tmdb):
    client.get(URL)
    redis.flushdb()
    assert client.get(URL)["Cache-Status"] == STORED


def test_the_database_is_the_last_resort(client, tmdb):
    client.get("/api/movies/popular/")
    local().clear()
    if redis_connection.configured():
        clear()
    tmdb.add_fault({"fault": "html"})
    response = client.get("/api/movies/popular/")
    assert response.status_code == 200
    assert response["Cache-Status"] == "catalogue; fwd=miss; detail=database"
    assert response["Cache-Control"] == "no-store"
    assert response.json()["total_results"] == Movie.objects.count() == 20
