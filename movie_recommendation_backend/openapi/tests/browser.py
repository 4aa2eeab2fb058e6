"""Chromium, for testing the documentation pages."""

import json
import os
import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from conftest import missing


class Watched:
    """A browser page, its errors and the hosts it has contacted."""

    def __init__(self, page: Page):
        self.page = page
        self.complaints = []
        self.hosts = set()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.complaints.append(f"lost: {request.url}"))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def hear(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def operation(self, tag: str, operation: str):
        return self.page.locator(f"#operations-{tag}-{operation}")

    def try_out(self, tag: str, operation: str, body: dict | None = None, **parameters: str):
        """Send an operation from its form, and return the row with the response."""
        block = self.operation(tag, operation)
        if "is-open" not in (block.get_attribute("class") or ""):
            block.locator(".opblock-summary").click()
        if block.locator(".try-out__btn.cancel").count() == 0:
            block.locator(".try-out__btn").click()
        for name, value in parameters.items():
            block.locator(f"tr[data-param-name={name}] input").fill(value)
        if body is not None:
            block.locator("textarea.body-param__text").fill(json.dumps(body))
        block.locator(".btn.execute").click()
        return block.locator(".live-responses-table tr.response")

    def authorize(self, token: str) -> None:
        self.page.locator(".btn.authorize").first.click()
        self.page.locator(".modal-ux input").fill(token)
        self.page.locator(".modal-ux .btn.authorize").click()
        self.page.locator(".modal-ux .btn-done").click()


@contextmanager
def browser_page():
    chromium = shutil.which("chromium") or missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        yield Watched(page)
        browser.close()


def keep_picture(watched: Watched, name: str) -> None:
    """Save a screenshot in the folder SCREENSHOTS, if set."""
    if folder := os.environ.get("SCREENSHOTS"):
        watched.page.screenshot(path=f"{folder}/{name}.png")


def assert_clean(watched: Watched, site: str) -> None:
    assert watched.complaints == []
    # data: and blob: URLs have no host.
    assert watched.hosts - {""} == {urlsplit(site).netloc}
