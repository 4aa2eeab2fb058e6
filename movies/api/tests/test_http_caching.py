"""Browsers and shared caches can revalidate answers and get them gzipped."""

import gzip

import pytest

from movies.api.http_caching import accepts_gzip

pytestmark = pytest.mark.django_db

URL = "/api/movies/popular/"
SHARED_HEADERS = ["ETag", "Cache-Control", "Cache-Status", "Vary", "Access-Control-Allow-Origin"]


@pytest.fixture
def etag(client):
    client.get(URL)
    return client.get(URL)["ETag"]


def test_the_etag_is_weak_and_depends_on_the_body(client, etag):
    assert etag.startswith('W/"')
    assert client.get(URL)["ETag"] == etag
    assert client.get(URL, {"page": 2})["ETag"] != etag


@pytest.mark.parametrize(
    "sent",
    ["{0}", "{1}", "*", '"other", {0}', '{0}, "other"', 'W/"a",{1} , W/"b"'],
    ids=["weak", "strong", "any", "last of a list", "first of a list", "middle"],
)
def test_a_matching_etag_is_a_304_with_the_headers_of_a_200(client, etag, sent):
    value = sent.format(etag, etag.removeprefix("W/"))
    full = client.get(URL)
    response = client.get(URL, headers={"if-none-match": value})
    assert (response.status_code, response.content) == (304, b"")
    assert not response.has_header("Content-Type")
    assert not response.has_header("Content-Length")
    for name in SHARED_HEADERS:
        assert response[name] == full[name]


@pytest.mark.parametrize("sent", ['"other"', "", "nonsense", 'W/"', "W/other", '"*"'])
def test_another_etag_is_a_200(client, etag, sent):
    assert client.get(URL, headers={"if-none-match": sent}).status_code == 200


def test_head_has_the_headers_of_get(client, etag):
    full, head = client.get(URL), client.head(URL)
    assert (head.status_code, head.content) == (200, b"")
    for name in [*SHARED_HEADERS, "Content-Length"]:
        assert head[name] == full[name]
    assert client.head(URL, headers={"if-none-match": etag}).status_code == 304


def test_gzipped_and_plain_responses_have_the_same_etag(client, etag):
    plain = client.get(URL)
    packed = client.get(URL, headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] == etag
    assert packed["Content-Length"] == str(len(packed.content))
    assert gzip.decompress(packed.content) == plain.content
    assert not plain.has_header("Content-Encoding")
    assert {packed["Vary"], plain["Vary"]} == {"Accept-Encoding"}


@pytest.mark.parametrize(
    "header, accepted",
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5", True),
        ("*", True),
        ("*;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("br", False),
        ("", False),
        ("gzip;q=nonsense", False),
        ("x-gzip", False),
    ],
)
def test_gzip_is_accepted_according_to_accept_encoding(header, accepted):
    assert accepts_gzip(header) is accepted


@pytest.mark.parametrize("path", ["/api/movies/search/", "/api/movies/0/", "/api/movies/nothing/"])
def test_errors_must_not_be_cached(client, path):
    response = client.get(path)
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")
