"""ETag, If-None-Match, gzip and HEAD: what browsers and shared caches are told."""

import gzip

import pytest

from movies.api.http_caching import accepts_gzip

pytestmark = pytest.mark.django_db

URL = "/api/movies/popular/"
KEPT = ["ETag", "Cache-Control", "Cache-Status", "Vary", "Access-Control-Allow-Origin"]


@pytest.fixture
def etag(client):
    client.get(URL)
    return client.get(URL)["ETag"]


def test_the_tag_is_weak_and_the_same_for_the_same_body(client, etag):
    assert etag.startswith('W/"')
    assert client.get(URL)["ETag"] == etag
    assert client.get(URL, {"page": 2})["ETag"] != etag


@pytest.mark.parametrize(
    "sent",
    ["{0}", "{1}", "*", '"other", {0}', '{0}, "other"', 'W/"a",{1} , W/"b"'],
    ids=["weak", "strong", "any", "last of a list", "first of a list", "middle"],
)
def test_a_known_tag_is_a_304_with_the_same_headers(client, etag, sent):
    value = sent.format(etag, etag.removeprefix("W/"))
    full = client.get(URL)
    response = client.get(URL, headers={"if-none-match": value})
    assert (response.status_code, response.content) == (304, b"")
    assert not response.has_header("Content-Type")
    assert not response.has_header("Content-Length")
    for name in KEPT:
        assert response[name] == full[name]


@pytest.mark.parametrize("sent", ['"other"', "", "nonsense", 'W/"', "W/other", '"*"'])
def test_another_tag_is_answered_in_full(client, etag, sent):
    assert client.get(URL, headers={"if-none-match": sent}).status_code == 200


def test_head_has_the_headers_of_get(client, etag):
    full, head = client.get(URL), client.head(URL)
    assert (head.status_code, head.content) == (200, b"")
    for name in [*KEPT, "Content-Length"]:
        assert head[name] == full[name]
    assert client.head(URL, headers={"if-none-match": etag}).status_code == 304


def test_gzip_is_sent_to_who_takes_it_under_the_same_tag(client, etag):
    plain = client.get(URL)
    packed = client.get(URL, headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] == etag
    assert packed["Content-Length"] == str(len(packed.content))
    assert gzip.decompress(packed.content) == plain.content
    assert not plain.has_header("Content-Encoding")
    assert {packed["Vary"], plain["Vary"]} == {"Accept-Encoding"}


@pytest.mark.parametrize(
    "header, taken",
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
def test_what_accept_encoding_means(header, taken):
    assert accepts_gzip(header) is taken


@pytest.mark.parametrize("path", ["/api/movies/search/", "/api/movies/0/", "/api/movies/nothing/"])
def test_errors_are_kept_by_nobody(client, path):
    response = client.get(path)
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")
