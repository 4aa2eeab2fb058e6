"""nginx as a cache in front of the API, configured by docs/nginx-cache.conf."""

import os
import shutil
import subprocess
import time

import pytest
import requests
from django.conf import settings as django_settings

from conftest import missing
from movie_recommendation_backend.tests.serving import free_port, served

pytestmark = pytest.mark.slow

KEY = "0123456789abcdef" * 2
MAIN = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {cache}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {api};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
    }}
}}
"""


@pytest.fixture
def site(standin, tmp_path):
    """The API, with documents that are fresh for about two seconds."""
    standin.clear_faults()
    environment = {
        "TMDB_DEMO": "false",
        "TMDB_API_KEY": KEY,
        "TMDB_BASE_URL": standin.url,
        "CACHE_TTL_SCALE": "0.0001",
        "WEB_THREADS": "4",
    }
    with served(tmp_path, **environment) as site:
        yield site
    standin.clear_faults()


@pytest.fixture
def nginx(site, tmp_path):
    """The address of nginx, which runs with the configuration in docs/."""
    program = shutil.which("nginx") or missing("nginx")
    port = free_port()
    config = (django_settings.BASE_DIR / "docs" / "nginx-cache.conf").read_text("utf-8")
    config = config.replace("/var/cache/nginx/movies", f"{tmp_path}/cache")
    user = "user root;" if os.geteuid() == 0 else ""
    path = tmp_path / "nginx.conf"
    main = MAIN.format(folder=tmp_path, user=user, cache=config, port=port, api=site.url)
    path.write_text(main, "utf-8")
    process = subprocess.Popen([program, "-c", str(path), "-g", "daemon off;"])
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            requests.get(f"{url}/api/health/live/", timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.05)
    yield url
    process.terminate()
    process.wait(timeout=30)


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=30)


def test_a_document_is_hit_then_revalidated_then_served_stale_during_an_outage(nginx, site):
    url = f"{nginx}/api/movies/upcoming/"
    first, second = get(url), get(url)
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
    assert first.content == second.content

    time.sleep(3.5)
    third = get(url)
    assert third.headers["X-Cache"] == "REVALIDATED"
    assert third.content == first.content

    site.process.terminate()
    site.process.wait(timeout=30)
    time.sleep(3.5)
    last = get(url)
    assert (last.status_code, last.headers["X-Cache"]) == (200, "STALE")
    assert last.content == first.content


def test_gzipped_and_plain_responses_are_cached_separately(nginx):
    url = f"{nginx}/api/movies/genres/"
    for coding in ("gzip", "identity"):
        assert get(url, **{"Accept-Encoding": coding}).headers["X-Cache"] == "MISS"
    packed, plain = (get(url, **{"Accept-Encoding": each}) for each in ("gzip", "identity"))
    assert packed.headers["X-Cache"] == plain.headers["X-Cache"] == "HIT"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


def test_a_browsers_copy_is_revalidated_with_a_304(nginx):
    url = f"{nginx}/api/movies/genres/"
    etag = get(url).headers["ETag"]
    response = get(url, **{"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/api/health/live/", "/api/health/ready/", "/api/movies/search/", "/api/nothing/"]
)
def test_health_checks_and_errors_are_not_cached(nginx, path):
    assert {get(nginx + path).headers["X-Cache"] for _ in range(3)} == {"MISS"}


def test_a_503_is_not_cached(nginx, standin):
    standin.add_fault({"fault": "error", "status": 401})
    url = f"{nginx}/api/movies/upcoming/?page=2"
    answers = [get(url) for _ in range(3)]
    assert {(each.status_code, each.headers["X-Cache"]) for each in answers} == {(503, "MISS")}
    standin.clear_faults()
    assert get(url).status_code == 200
