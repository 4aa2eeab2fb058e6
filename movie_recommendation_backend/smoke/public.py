"""Checks that leave no data behind."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from .site import TIMEOUT, Check, Site, expect

MOVIE = 603


def checks(site: Site) -> Iterator[Check]:
    """Yield the checks in the order in which they run."""
    yield "the process responds", live
    yield "the database, the cache and the catalogue are ready", ready
    yield "the charts contain movies", charts
    yield "a repeated request is answered from the cache", cached
    yield "a matching ETag is answered with a 304", revalidated
    yield "a movie is found by its TMDB id and its IMDb id", movie
    yield "a movie is found by its title", found
    yield "errors have the documented shape", errors
    yield "pages of every origin may call the catalogue", open_catalogue
    yield "personal data requires a login and is not cached", private
    yield "the documentation and the schema are served", documentation
    yield "static files are served", static_files
    yield "responses have security headers", policy
    yield "new users get movies to start with", starter
    if site.base_url.startswith("https://"):
        yield "HTTP is redirected to HTTPS, and HSTS is set", https_only


def live(site: Site) -> None:
    site.get("/api/health/live/")


def ready(site: Site) -> None:
    state = site.get("/api/health/ready/").json()
    expect(state["status"] == "ok", f"the status is {state['status']}: {state['checks']}")


def charts(site: Site) -> None:
    for name in ("trending", "popular", "top-rated", "now-playing", "upcoming", "discover"):
        expect(site.get(f"/api/movies/{name}/").json()["results"], f"{name} is empty")


def cached(site: Site) -> None:
    site.get("/api/movies/genres/")
    status = site.get("/api/movies/genres/").headers.get("Cache-Status", "none")
    expect(status.startswith("catalogue; hit"), f"Cache-Status: {status}")


def revalidated(site: Site) -> None:
    etag = site.get("/api/movies/genres/").headers.get("ETag", "")
    site.get("/api/movies/genres/", 304, **{"If-None-Match": etag})


def movie(site: Site) -> None:
    detail = site.get(f"/api/movies/{MOVIE}/").json()
    expect(detail["id"] == MOVIE, f"movie {MOVIE} has the id {detail['id']}")
    location = site.get(f"/api/movies/{detail['imdb_id']}/", 308).headers.get("Location")
    expect(location == f"/api/movies/{MOVIE}/", f"Location: {location}")
    for name in ("recommendations", "similar"):
        expect(site.get(f"/api/movies/{MOVIE}/{name}/").json()["results"], f"{name} is empty")


def found(site: Site) -> None:
    results = site.get("/api/movies/search/?query=matrix").json()["results"]
    expect(MOVIE in [each["id"] for each in results], f"movie {MOVIE} is not found")


def errors(site: Site) -> None:
    for path, status, kind in (
        ("/api/movies/trending/?page=0", 400, "validation_error"),
        ("/api/nothing/", 404, "client_error"),
    ):
        response = site.get(path, status)
        expect(response.json()["type"] == kind, f"{path}: {response.json()['type']}")
        expect(response.headers.get("X-Request-ID"), f"{path}: no X-Request-ID")


def open_catalogue(site: Site) -> None:
    headers = site.get("/api/movies/genres/", Origin="https://somewhere.example").headers
    expect(headers.get("Access-Control-Allow-Origin") == "*", "no Access-Control-Allow-Origin: *")
    expect("public" in headers.get("Cache-Control", ""), "the catalogue is not public")


def private(site: Site) -> None:
    headers = site.get("/api/users/profile/", 401).headers
    expect(headers.get("Cache-Control") == "private, no-store", "a personal response may be cached")
    expect(headers.get("WWW-Authenticate"), "no WWW-Authenticate")


def documentation(site: Site) -> None:
    site.get("/")
    site.get("/api/docs/")
    site.get("/api/redoc/")
    expect(site.get("/api/schema.json").json()["paths"], "the schema is empty")


def static_files(site: Site) -> None:
    page = site.get("/api/docs/").text
    path = page.split('<script src="', 1)[1].split('"', 1)[0]
    expect(len(site.get(path).content) > 100_000, f"{path} is too short")


def policy(site: Site) -> None:
    headers = site.get("/api/docs/").headers
    for name, part in (
        ("Content-Security-Policy", "script-src 'self'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
    ):
        expect(part in headers.get(name, ""), f"{name}: {headers.get(name, 'none')}")


def starter(site: Site) -> None:
    movies = site.get("/api/recommendations/starter/").json()["results"]
    picked = {"movie_ids": [each["id"] for each in movies[:3]]}
    answer = site.post("/api/recommendations/preview/", 200, picked).json()
    expect(answer["results"], "the preview is empty")


def https_only(site: Site) -> None:
    hsts = site.get("/api/docs/").headers.get("Strict-Transport-Security")
    expect(hsts, "no Strict-Transport-Security")
    # A site on another port is not served over plain HTTP.
    parts = urlsplit(site.base_url)
    if parts.port in (None, 443):
        plain = f"http://{parts.hostname}/api/docs/"
        try:
            status = requests.get(plain, allow_redirects=False, timeout=TIMEOUT).status_code
        except requests.ConnectionError:
            return
        expect(status in (301, 308), f"plain HTTP has status {status}")
