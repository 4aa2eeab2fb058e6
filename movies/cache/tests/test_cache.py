"""The life of a document, as a client sees it: fresh, stale, gone, and what stands in for it."""

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
from movies.tests.builders import detail_film, list_page

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


def test_the_first_answer_is_stored_and_the_next_a_hit(client, tmdb):
    first, second = client.get(URL), client.get(URL)
    assert first["Cache-Status"] == STORED
    assert second["Cache-Status"] in (f"{HIT}21599", f"{HIT}21600")
    assert first.content == second.content
    assert asked(tmdb) == 1


def test_a_hit_needs_no_database(client, tmdb, django_assert_num_queries):
    client.get(URL)
    with django_assert_num_queries(0):
        assert client.get(URL)["Cache-Status"].startswith(HIT)


def test_freshness_is_told_as_what_is_left(client, tmdb, later):
    client.get(URL)
    later(hours=1)
    control = client.get(URL)["Cache-Control"]
    names = dict(part.strip().partition("=")[::2] for part in control.split(","))
    assert names.keys() == {"public", "max-age", "stale-while-revalidate", "stale-if-error"}
    assert 17990 <= int(names["max-age"]) <= 18000
    assert names["stale-while-revalidate"] == "600"
    assert 601180 <= int(names["stale-if-error"]) <= 601200
    assert not client.get(URL).has_header("Age")


def test_past_fresh_one_request_refreshes(client, tmdb, later):
    client.get(URL)
    later(hours=6, seconds=1)
    assert client.get(URL)["Cache-Status"] == STORED
    assert client.get(URL)["Cache-Status"].startswith(HIT)
    assert asked(tmdb) == 2


def test_past_fresh_a_failing_tmdb_is_bridged_by_the_stale_document(client, tmdb, later):
    fresh = client.get(URL)
    later(days=6)
    tmdb.add_fault({"fault": "html", "path": PATH})
    stale = client.get(URL)
    assert (stale.status_code, stale.content) == (200, fresh.content)
    assert stale["Cache-Status"].startswith("catalogue; hit; ttl=-")
    assert stale["Cache-Control"].startswith("public, max-age=0, stale-while-revalidate=600")
    assert stale["ETag"] == fresh["ETag"]


def test_past_kept_the_document_is_gone(client, tmdb, later):
    client.get(URL)
    later(days=7, seconds=1)
    tmdb.add_fault({"fault": "html", "path": PATH})
    response = client.get(URL)
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    assert int(response["Retry-After"]) >= 1
    assert not response.has_header("ETag")


def test_no_such_film_is_kept_for_ten_minutes(client, tmdb, later):
    first, second = client.get("/api/movies/99999999/"), client.get("/api/movies/99999999/")
    assert (first.status_code, second.status_code) == (404, 404)
    assert first["Cache-Status"] == STORED
    assert second["Cache-Status"].startswith(HIT)
    assert second["Cache-Control"] in ("public, max-age=599", "public, max-age=600")
    assert asked(tmdb, "/movie/99999999") == 1
    later(minutes=10, seconds=1)
    tmdb.add_fault({"fault": "html", "path": "/movie/99999999"})
    assert client.get("/api/movies/99999999/").status_code == 503


def test_a_film_that_vanished_replaces_its_document(client, tmdb, later):
    client.get("/api/movies/603/")
    later(days=2)
    tmdb.add_fault({"fault": "error", "status": 404, "code": 34, "path": "/movie/603"})
    assert client.get("/api/movies/603/").status_code == 404
    tmdb.clear_faults()
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    later(minutes=11)
    # Neither the old document nor the marked row comes back.
    assert client.get("/api/movies/603/").status_code == 503


def test_a_films_one_request_serves_its_regions_and_related_films(client, tmdb):
    client.get("/api/movies/603/")
    for path in ("603/?region=DE", "603/?region=gb", "603/recommendations/", "603/similar/"):
        assert client.get(f"/api/movies/{path}")["Cache-Status"].startswith(HIT), path
    assert asked(tmdb, "/movie/603") == 1
    assert asked(tmdb, "/movie/603/recommendations") == asked(tmdb, "/movie/603/similar") == 0
    assert client.get("/api/movies/603/?region=DE").json()["certification"] == "16"
    assert client.get("/api/movies/603/?region=GB").json()["certification"] == "15"


def test_all_regions_turn_stale_and_fresh_together(client, tmdb, later):
    for region in ("US", "DE"):
        client.get(f"/api/movies/603/?region={region}")
    later(hours=25)
    assert client.get("/api/movies/603/?region=DE")["Cache-Status"] == STORED
    assert client.get("/api/movies/603/?region=US")["Cache-Status"].startswith(f"{HIT}8")
    assert asked(tmdb, "/movie/603") == 2


def test_a_stale_film_is_served_in_every_region(client, tmdb, later):
    client.get("/api/movies/603/")
    later(days=20)
    tmdb.add_fault({"fault": "html", "path": "/movie/603"})
    response = client.get("/api/movies/603/?region=DE")
    assert response.json()["certification"] == "16"
    assert response["Cache-Status"].startswith("catalogue; hit; ttl=-")


def test_an_imdb_ids_redirect_is_kept_and_serves_the_film(client, tmdb, later):
    first = client.get("/api/movies/tt0133093/?language=de")
    assert (first.status_code, first["Cache-Status"]) == (308, STORED)
    assert first["Cache-Control"].startswith("public, max-age=86")
    second = client.get("/api/movies/tt0133093/")
    assert second["Cache-Status"].startswith(HIT)
    assert client.get("/api/movies/603/?language=de")["Cache-Status"].startswith(HIT)
    assert asked(tmdb, "/movie/tt0133093") == 1
    assert asked(tmdb, "/movie/603") == 0
    assert client.get("/api/movies/tt9999999/").status_code == 404


@pytest.mark.parametrize("part", [[1], "x", 5, None, {"results": "x"}, {"results": [None]}])
def test_a_malformed_part_costs_the_part_alone(client, tmdb, part):
    film = detail_film(recommendations=part)
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": film, "times": 1})
    assert client.get("/api/movies/603/").status_code == 200
    assert client.get("/api/movies/603/similar/")["Cache-Status"].startswith(HIT)
    assert client.get("/api/movies/603/recommendations/")["Cache-Status"] == STORED


def test_a_page_of_nothing_but_rubbish_is_no_answer(client, tmdb):
    page = list_page(None, 1, "x", total_results=100)
    tmdb.add_fault({"fault": "json", "path": PATH, "body": page, "times": 1})
    assert client.get(URL).status_code == 503
    tmdb.add_fault({"fault": "json", "path": PATH, "body": list_page(status_code=11), "times": 1})
    assert client.get(URL).status_code == 503
    assert client.get(URL)["Cache-Status"] == STORED


def test_a_page_without_names_for_its_genres_is_not_kept(client, tmdb):
    tmdb.add_fault({"fault": "html", "path": "/genre"})
    first = client.get(f"{URL}?language=de")
    assert (first.status_code, first["Cache-Status"]) == (200, "catalogue; fwd=miss")
    assert first["Cache-Control"] == "no-store"
    tmdb.clear_faults()
    service.cache_clear()
    assert client.get(f"{URL}?language=de")["Cache-Status"] == STORED


def test_names_that_fail_are_not_waited_for_again_at_once(client, tmdb):
    tmdb.add_fault({"fault": "error", "status": 401, "path": "/genre"})
    for page in (1, 2, 3):
        client.get(f"/api/movies/popular/?page={page}")
    assert asked(tmdb, "/genre/movie/list") == 1


def test_ttl_scale_multiplies_the_times(client, tmdb, settings, later):
    settings.CACHE_TTL_SCALE = 0.001
    client.get(URL)
    assert client.get(URL)["Cache-Status"] in (f"{HIT}21", f"{HIT}20")
    later(seconds=22)
    assert client.get(URL)["Cache-Status"] == STORED


def test_an_entry_of_another_format_or_none_is_a_miss(backend):
    key = Key.of(SEARCH.group, query="x")
    for rubbish in (b"", b"\n", b"{}\nx", b"[1, 2]\nx", b"\x80\x04pickle", b'["a"]\n'):
        single_flight.shared().set(str(key), rubbish, 60)
        assert single_flight.answer(key, lambda load: Fetched({}), Load()).source is Source.STORED


def test_documents_survive_packing(backend):
    document = Document.of(SEARCH.group, {"title": "Amélie 千と千尋"})
    assert Document.unpack(document.pack()) == document
    assert gzip.decompress(document.gzipped) == document.body
    assert json.loads(document.body) == {"title": "Amélie 千と千尋"}


def test_nothing_is_kept_in_this_process_when_there_is_redis(client, redis, tmdb):
    client.get(URL)
    assert not local().cache._cache


def test_what_the_database_knows_is_the_last_resort(client, tmdb):
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
