"""TMDb is slow, is down or sends nonsense: what clients get, and that no secret leaks."""

import gzip
import logging

import pytest

from movies.models import Movie
from movies.services import bodies, exchange
from movies.services.exceptions import TMDbBadResponse
from movies.services.tmdb_service import service

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

URL = "/api/movies/603/"
PATH = "/movie/603"


@pytest.fixture(autouse=True)
def _short_timeouts(monkeypatch):
    """Shorten the time-outs."""
    monkeypatch.setattr(exchange, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(exchange, "LONGEST_EXCHANGE", 2.0)


def add_fault(tmdb, **fault) -> None:
    tmdb.add_fault({"path": PATH} | fault)


def tries(tmdb) -> int:
    return tmdb.requests()["paths"].get(PATH, 0)


FAULTS = [
    ("slower than the time-out", {"fault": "latency", "seconds": 1}, 1),
    ("a byte now and then", {"fault": "trickle", "seconds": 0.2}, 1),
    ("429 that asks for a longer wait", {"fault": "error", "status": 429, "retry_after": 30}, 1),
    ("429 without a wait", {"fault": "error", "status": 429}, 3),
    ("429 with nonsense for a wait", {"fault": "error", "status": 429, "retry_after": "soon"}, 3),
    ("500", {"fault": "error", "status": 500, "code": 11}, 3),
    ("502 with HTML", {"fault": "html", "status": 502}, 3),
    ("503", {"fault": "error", "status": 503, "code": 9}, 3),
    ("503 that asks for a longer wait", {"fault": "error", "status": 503, "retry_after": 60}, 1),
    ("504", {"fault": "html", "status": 504}, 3),
    ("dropped connection", {"fault": "dropped"}, 3),
    ("truncated JSON", {"fault": "truncated"}, 1),
    ("body shorter than promised", {"fault": "cut"}, 1),
    ("401", {"fault": "error", "status": 401, "code": 7}, 1),
    ("403", {"fault": "error", "status": 403, "code": 45}, 1),
    ("404 without TMDb's code", {"fault": "html", "status": 404}, 1),
    ("422", {"fault": "error", "status": 422, "code": 5}, 1),
    ("redirect", {"fault": "redirect"}, 1),
    ("redirect to nonsense", {"fault": "redirect", "location": "http://[bad"}, 1),
    ("headers without an end", {"fault": "trickled-headers", "seconds": 0.2}, 1),
    ("more than 10 MB", {"fault": "huge"}, 1),
    ("HTML behind a 200", {"fault": "html", "status": 200}, 1),
    ("failure behind a 200", {"fault": "json", "body": {"success": False, "status_code": 11}}, 1),
    ("a list behind a 200", {"fault": "json", "body": [1, 2]}, 1),
    ("null behind a 200", {"fault": "json", "body": None}, 1),
    ("an empty object", {"fault": "json", "body": {}}, 1),
    ("NaN", {"fault": "json", "raw": '{"id": 603, "title": "x", "popularity": NaN}'}, 1),
    ("deep nesting", {"fault": "json", "raw": '{"a":' + "[" * 100_000}, 1),
    ("not UTF-8", {"fault": "json", "raw": '{"id": 603, "title": "\udcff"}'}, 1),
]


@pytest.mark.parametrize("fault, tried", [case[1:] for case in FAULTS], ids=[c[0] for c in FAULTS])
def test_a_failure_of_tmdb_is_a_503_that_leaks_nothing(
    client, tmdb, caplog, settings, fault, tried
):
    caplog.set_level(logging.DEBUG)
    add_fault(tmdb, **fault)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["type"] == "server_error"
    assert response.json()["errors"][0]["code"] == "catalogue_unavailable"
    assert int(response["Retry-After"]) >= 1
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert tries(tmdb) == tried
    assert settings.TMDB_API_KEY not in response.content.decode() + logged(caplog)
    assert not Movie.objects.exists()


def logged(caplog) -> str:
    """Return everything that the project's settings log, which excludes urllib3."""
    records = [each for each in caplog.records if not each.name.startswith("urllib3")]
    formatter = logging.Formatter()
    return "\n".join(map(formatter.format, records))


def test_urllib3_logs_only_errors_at_any_log_level(settings):
    assert settings.LOGGING["loggers"]["urllib3"]["level"] == "ERROR"


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "status": 429, "retry_after": 0},
        {"fault": "error", "status": 500},
        {"fault": "html", "status": 502},
        {"fault": "error", "status": 503},
        {"fault": "dropped"},
    ],
)
def test_a_temporary_failure_is_overcome_by_retries(client, tmdb, fault):
    add_fault(tmdb, times=2, **fault)
    assert client.get(URL).status_code == 200
    assert tries(tmdb) == 3


def test_a_redirect_is_not_followed(client, tmdb):
    add_fault(tmdb, fault="redirect")
    client.get(URL)
    assert tmdb.requests()["paths"] == {PATH: 1}


def test_different_failures_share_the_number_of_retries(client, tmdb):
    for fault in [{"fault": "html"}, {"fault": "html"}, {"fault": "error", "status": 500}] * 2:
        add_fault(tmdb, times=1, **fault)
    assert client.get(URL).status_code == 503
    assert tries(tmdb) == 3


def test_gzip_without_its_header_is_decompressed(client, tmdb):
    add_fault(tmdb, fault="gzip")
    assert client.get(URL).json()["title"] == "The Matrix"


def test_a_gzip_bomb_is_not_decompressed():
    with pytest.raises(TMDbBadResponse, match="10 MB"):
        bodies.gunzip(gzip.compress(b" " * (bodies.LARGEST_BODY + 1)))


def test_an_invalid_id_reported_as_a_500_is_a_404_without_retries(client, tmdb):
    add_fault(tmdb, fault="error", status=500, code=44)
    assert client.get(URL).status_code == 404
    assert tries(tmdb) == 1


def test_the_retry_after_of_tmdb_is_passed_on(client, tmdb):
    add_fault(tmdb, fault="error", status=429, retry_after=30)
    assert client.get(URL)["Retry-After"] == "30"


def test_a_refused_connection_is_a_503(client, tmdb, settings):
    settings.TMDB_BASE_URL = "http://127.0.0.1:9/3"
    service.cache_clear()
    assert client.get(URL).status_code == 503


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "status": 500, "times": 3},
        {"fault": "truncated", "times": 1},
        {"fault": "json", "body": {"success": False}, "times": 1},
        {"fault": "json", "body": {"page": 1, "results": None}, "times": 1},
    ],
    ids=["500", "truncated", "success: false", "results: null"],
)
def test_a_failure_is_not_cached(client, tmdb, fault):
    tmdb.add_fault({"path": "/movie/upcoming"} | fault)
    assert client.get("/api/movies/upcoming/").status_code == 503
    response = client.get("/api/movies/upcoming/")
    assert response["Cache-Status"] == "catalogue; fwd=miss; stored"
    assert len(response.json()["results"]) == 20


def test_with_a_read_token_the_key_is_not_sent(tmdb, settings, client):
    settings.TMDB_READ_TOKEN = "eyJhbGciOiJIUzI1NiJ9.e30.x"
    service.cache_clear()
    assert client.get(URL).status_code == 200
    assert "api_key" not in tmdb.requests()["latest"][0]["query"]


def test_a_rejected_key_is_logged_as_an_error(client, tmdb, settings, caplog):
    settings.TMDB_API_KEY = "wrong"
    service.cache_clear()
    assert client.get(URL).status_code == 503
    assert [each.levelname for each in caplog.records if "refuses" in each.message] == ["ERROR"]
