"""Random requests get the same response from a copy as from Django."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movies.cache.tests.wsgi import Wsgi

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 400

CATALOGUE = [
    "/api/movies/popular/",
    "/api/movies/popular",
    "/api/movies/trending/",
    "/api/movies/genres/",
    "/api/movies/discover/",
    "/api/movies/search/",
    "/api/movies/603/",
    "/api/movies/603",
    "/api/movies/603/similar/",
    "/api/recommendations/starter/",
]
PATHS = CATALOGUE * 3 + [
    "/api/movies/2147483647/",
    "/api/movies/tt0133093/",
    "/api/movies/0/",
    "/api/movies//popular/",
    "/api/users/profile/",
    "/api/health/live/",
    "/api/docs/",
    "/api/schema.json",
    "/nothing/\xe9",
    "/",
]
PARAMETERS = [
    "page=1",
    "page=2",
    "page=501",
    "page=%31",
    "page=1&page=2",
    "language=DE",
    "language=de-at",
    "language=x",
    "region=de",
    "query=Matrix",
    "query=matrix",
    "query=%20MATRIX+",
    "query=am%C3%A9lie",
    "query=%FF",
    "query=%00",
    "genres=28,12",
    "genres=12%2C28",
    "window=day",
    "limit=5",
    "format=xml",
    "utm_source=x",
    "=",
    "a=;b",
]
ETAGS = ["CURRENT", "STRONG", '"x"', "*", "nonsense", '"x", CURRENT', ""]
HEADERS = st.fixed_dictionaries(
    {
        "host": st.sampled_from(
            ["testserver"] * 5
            + ["testserver:80", "localhost", "TESTSERVER", "evil.example", "a b", ""]
        ),
        "x_forwarded_proto": st.sampled_from(["https"] * 5 + ["http", "https, http", "nonsense"]),
    },
    optional={
        "accept_encoding": st.sampled_from(
            ["gzip", "gzip, deflate, br", "gzip;q=0", "*", "*;q=0", "identity", "br", "GZIP;q=0.3"]
        ),
        "if_none_match": st.sampled_from(ETAGS),
        "if_modified_since": st.just("Sat, 28 Nov 2026 00:00:00 GMT"),
        "x_forwarded_host": st.just("evil.example"),
        "x_forwarded_for": st.sampled_from(["1.2.3.4", "nonsense"]),
        "cookie": st.sampled_from(["sessionid=x; csrftoken=y", "damaged", "a=%00", 'b="']),
        "authorization": st.sampled_from(["Bearer expired", "Basic eDp5", "Bearer"]),
        "x_request_id": st.sampled_from(["mine", "x" * 64, "x" * 65, "a b", ""]),
        "origin": st.sampled_from(["https://films.example", "https://evil.example", "null"]),
        "accept": st.sampled_from(["text/html", "application/json", "*/*"]),
        "range": st.just("bytes=0-9"),
    },
)
METHODS = st.sampled_from(["GET"] * 5 + ["HEAD", "HEAD", "POST", "OPTIONS"])
# Written anew for each response.
SECONDS = {
    "Cache-Control": re.compile(r"(?<=max-age=)\d+"),
    "Cache-Status": re.compile(r"(?<=ttl=)\d+"),
    "X-Request-ID": re.compile(r"^[0-9a-f]{32}$"),
}


def comparable(response, method):
    """Return the response without what may differ between two of them."""
    status, headers, body = response
    headers = headers.copy()
    for name, pattern in SECONDS.items():
        if name in headers:
            headers[name] = pattern.sub("", headers[name])
    # Servers drop the body of a response to HEAD.
    return status, headers, b"" if method == "HEAD" else body


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_copy_equals_the_response_of_django(backend, settings, proxies):
    settings.THROTTLE_ANON = "1000000/min"
    if proxies:
        settings.TRUSTED_PROXIES = 1
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_HSTS_SECONDS = 3600
    check_random_requests(Wsgi())


def check_random_requests(site: Wsgi) -> None:
    copies = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        method=METHODS,
        path=st.sampled_from(PATHS),
        parameters=st.lists(st.sampled_from(PARAMETERS), max_size=3),
        headers=HEADERS,
    )
    def check(method, path, parameters, headers):
        nonlocal copies
        request = {"path": path, "query": "&".join(parameters), "method": method}
        # The document is in the cache afterwards, and the response copied.
        loaded = site.get(**request | {"method": "GET"}, **headers | {"if_none_match": ""})
        site.get(**request | {"method": "GET"}, **headers | {"if_none_match": ""})
        if given_etag := headers.get("if_none_match"):
            etag = loaded[1].get("ETag", '"none"')
            given_etag = given_etag.replace("CURRENT", etag)
            headers = headers | {
                "if_none_match": given_etag.replace("STRONG", etag.removeprefix("W/"))
            }
        asked = site.passed_on
        found = site.get(**request, **headers)
        copies += site.passed_on == asked
        expected = site.get(**request, **headers, directly=True)
        assert comparable(found, method) == comparable(expected, method)
        if headers.get("x_request_id") in ("mine", "x" * 64):
            assert found[1]["X-Request-ID"] == expected[1]["X-Request-ID"]

    check()
    print(f"{copies} of {EXAMPLES} random requests were answered with a copy.")
    assert copies > EXAMPLES / 10
