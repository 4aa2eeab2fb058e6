"""Security headers of each kind of response, in production behind a proxy that terminates TLS."""

import pytest
import requests
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from movie_recommendation_backend.tests.serving import served

# Nothing here depends on the database that the suite runs on.
pytestmark = pytest.mark.once

PAGES = {
    "catalogue": "/api/movies/popular/",
    "personal": "/api/users/profile/",
    "docs": "/api/docs/",
    "docs without a slash": "/api/docs",
    "schema": "/api/schema.json",
    "admin": "/admin/login/",
    "static": "/static/docs/docs.css",
    "unknown": "/nothing/",
}
SCRIPTED = ("/api/docs/", "/api/docs", "/admin/login/", "/nothing/")
HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("headers"), TRUSTED_PROXIES="1") as running:
        yield running.url


def ask(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, allow_redirects=False, timeout=10)


@pytest.mark.parametrize("kind", PAGES)
def test_responses_have_security_headers(site, kind):
    said = ask(site + PAGES[kind], **HTTPS).headers
    assert said["Strict-Transport-Security"].startswith("max-age=31536000")
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Referrer-Policy"] == "same-origin"
    assert "camera=()" in said["Permissions-Policy"]
    if kind != "static":
        assert said["X-Frame-Options"] == "DENY"
    if kind not in ("static", "catalogue"):
        # The order of the directives differs between processes.
        policy = said["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
        # Only pages have scripts at all.
        assert ("script-src 'self'" in policy) == (PAGES[kind] in SCRIPTED)


@pytest.mark.parametrize("kind", PAGES)
def test_plain_http_is_redirected_once(site, kind):
    response = ask(site + PAGES[kind])
    assert response.status_code == 301
    assert response.headers["Location"] == site.replace("http:", "https:") + PAGES[kind]
    assert ask(site + PAGES[kind], **HTTPS).status_code not in (301, 302)


def test_health_is_served_over_http_and_for_any_host(site):
    response = ask(f"{site}/api/health/live/", Host="10.0.0.1")
    assert response.status_code == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in response.headers


def test_cookies_are_secure(site):
    response = ask(f"{site}/admin/login/", **HTTPS)
    assert "; Secure" in response.headers["Set-Cookie"]


def test_the_api_does_not_authenticate_by_cookie(site):
    """Otherwise other sites could forge requests (CSRF)."""
    made = requests.post(f"{site}/api/users/favorites/", json={"movie_id": 603}, headers=HTTPS)
    assert made.status_code == 401
    assert made.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_the_admin_rejects_forms_from_other_sites(site):
    form = {"username": "root", "password": "x"}
    response = requests.post(f"{site}/admin/login/", form, headers=HTTPS)
    assert response.status_code == 403
    assert response.json()["errors"][0]["code"] == "csrf_failed"


def test_static_files_are_compressed_and_immutable(site):
    manifest = ask(f"{site}/api/docs/", **HTTPS).text
    path = manifest.split('href="/static/docs/docs.')[1].split('"')[0]
    response = ask(f"{site}/static/docs/docs.{path}", **HTTPS, **{"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]


def test_a_page_is_cached_alike_with_and_without_its_slash(site):
    with_slash, without = (
        ask(site + path, **HTTPS).headers for path in ("/api/docs/", "/api/docs")
    )
    assert with_slash.get("Cache-Control") == without.get("Cache-Control")


def test_a_form_without_a_csrf_token_is_rejected_by_the_middleware(settings):
    """The admin's views would reject it themselves."""
    settings.ROOT_URLCONF = __name__
    client = Client(enforce_csrf_checks=True)
    assert client.post("/page/").status_code == 403
    # The API has no cookies to protect.
    assert client.post("/api/unprotected/").status_code == 200


def view(request):
    return HttpResponse()


urlpatterns = [path("page/", view), path("api/unprotected/", csrf_exempt(view))]
