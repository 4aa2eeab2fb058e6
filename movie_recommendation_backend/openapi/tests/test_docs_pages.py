"""The documentation pages in Chromium, used like a developer would."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from movie_recommendation_backend.tests.serving import PRODUCTION, served

from .browser import assert_clean, browser_page, keep_picture

# The default of five seconds is too short for ReDoc on a busy machine.
expect.set_options(timeout=30_000)

pytestmark = pytest.mark.slow

ADA = {"username": "ada", "email": "ada@films.example", "password": "correct horse 9"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    # Production serves static files under hashed names, which collectstatic creates.
    environment = PRODUCTION | {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///unused"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=environment)
    with served(tmp_path_factory.mktemp("docs")) as running:
        yield running.url


def test_a_developer_registers_authorizes_and_adds_a_favorite(site):
    with browser_page() as watched:
        page = watched.page
        page.goto(f"{site}/api/docs/")
        expect(page.locator(".info .title")).to_contain_text("Movie Recommendation Backend")
        tags = page.locator(".opblock-tag").evaluate_all("tags => tags.map(t => t.dataset.tag)")
        assert tags == [
            "Movies",
            "Authentication",
            "Users",
            "Lists",
            "Recommendations",
            "Operations",
        ]

        answer = watched.try_out("Authentication", "auth_register", ADA)
        expect(answer.locator(".response-col_status")).to_have_text("201")
        answer = watched.try_out("Authentication", "auth_login", {"username": "ada"} | ADA)
        expect(answer.locator(".response-col_status")).to_have_text("200")
        token = json.loads(answer.locator("code").first.inner_text())["access"]

        watched.authorize(token)
        answer = watched.try_out("Lists", "favorites_add", {"movie_id": 603})
        expect(answer.locator(".response-col_status")).to_have_text("201")
        expect(answer.locator("code").first).to_contain_text("The Matrix")
        answer.scroll_into_view_if_needed()
        keep_picture(watched, "docs")

        page.reload()
        answer = watched.try_out("Users", "users_profile")
        expect(answer.locator(".response-col_status")).to_have_text("200")
        expect(answer.locator("code").first).to_contain_text("ada@films.example")
        assert_clean(watched, site)


def test_a_token_may_be_pasted_with_bearer_before_it(site):
    with browser_page() as watched:
        watched.page.goto(f"{site}/api/docs/")
        body = {"username": "grace", "email": "grace@films.example", "password": ADA["password"]}
        answer = watched.try_out("Authentication", "auth_register", body)
        token = json.loads(answer.locator("code").first.inner_text())["access"]
        watched.authorize(f"Bearer {token}")
        answer = watched.try_out("Users", "users_profile")
        expect(answer.locator(".response-col_status")).to_have_text("200")
        assert_clean(watched, site)


def test_the_catalogue_is_tried_out_without_a_login(site):
    with browser_page() as watched:
        watched.page.goto(f"{site}/api/docs/")
        answer = watched.try_out("Movies", "movies_search", query="amélie & co #1")
        expect(answer.locator(".response-col_status")).to_have_text("200")
        answer = watched.try_out("Movies", "movies_retrieve", movie_id="603")
        expect(answer.locator("code").first).to_contain_text("The Matrix")
        assert_clean(watched, site)


def test_redoc_shows_and_searches_the_reference(site):
    with browser_page() as watched:
        page = watched.page
        page.goto(f"{site}/api/redoc/")
        expect(page.locator("h1").first).to_contain_text("Movie Recommendation Backend")
        page.locator("input[type=text]").first.fill("favorites")
        found = page.locator("[role=search]").get_by_text("Add to the favorites")
        # A worker builds the index first, which takes a while on a busy machine.
        expect(found).to_be_visible(timeout=60_000)
        page.locator("input[type=text]").first.fill("")
        keep_picture(watched, "redoc")
        assert_clean(watched, site)


def test_the_home_page_links_to_both(site):
    with browser_page() as watched:
        page = watched.page
        for door, path in (("Try the API", "/api/docs/"), ("Read the reference", "/api/redoc/")):
            page.goto(f"{site}/")
            keep_picture(watched, "home")
            page.get_by_role("link", name=door).click()
            page.wait_for_url(f"**{path}")
            # Leaving the page while it loads would cancel its requests.
            expect(page.get_by_text("The catalogue is public and cached").first).to_be_visible()
        assert_clean(watched, site)


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/html;q=0.5"])
def test_the_home_page_is_json_if_the_client_prefers_it(client, accept):
    response = client.get("/", headers={"accept": accept})
    assert response["Content-Type"] == "application/json"
    assert response.json()["docs"] == "http://testserver/api/docs/"


@pytest.mark.parametrize("method", ["post", "delete"])
def test_the_home_page_rejects_post_in_the_error_shape(method):
    response = getattr(Client(enforce_csrf_checks=True), method)("/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["errors"][0]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/", "/api/docs/", "/api/redoc/", "/admin/login/"])
def test_pages_may_only_run_our_own_scripts(client, db, path):
    policy = client.get(path)["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == "'self'"
    assert rules["default-src"] == "'none'"


def test_behind_tls_the_schema_and_its_links_use_https(client, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-proto": "https", "accept": "application/json"}
    assert client.get("/api/schema.json", headers=headers).json()["schemes"] == ["https"]
    assert client.get("/", headers=headers).json()["docs"].startswith("https://")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client.get("/api/schema.json", headers=headers).json()["schemes"] == ["http"]
