"""What a deployed site must do, asked over HTTP as its users would ask."""

import secrets
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import requests

FILM = 603
LONGEST = 15  # seconds for one answer


class Failed(Exception):
    """What was expected, and what came."""


def expect(condition: object, what: str) -> None:
    if not condition:
        raise Failed(what)


class Site:
    """A site under its base URL; `token` is sent where there is one."""

    def __init__(self, base_url: str):
        self.base_url = base_url.rstrip("/")
        self.session = requests.Session()
        self.token = None

    def ask(self, method: str, path: str, status: int, body: dict | None = None, **headers: str):
        """Return the response to `path` of the API. Raises Failed for another status."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            response = self.session.request(
                method,
                f"{self.base_url}{path}",
                json=body,
                headers=headers,
                allow_redirects=False,
                timeout=LONGEST,
            )
        except requests.RequestException as error:
            raise Failed(f"{method} {path}: {type(error).__name__}") from None
        expect(
            response.status_code == status,
            f"{method} {path}: {response.status_code} instead of {status}",
        )
        return response

    def get(self, path: str, status: int = 200, **headers: str):
        return self.ask("GET", path, status, **headers)

    def post(self, path: str, status: int, body: dict):
        return self.ask("POST", path, status, body)


Check = tuple[str, Callable[[Site], None]]


def read_only(site: Site) -> Iterator[Check]:
    """Yield the checks that leave nothing behind."""
    yield "the process answers", lambda site: site.get("/api/health/live/")
    yield "database, cache and catalogue are ready", ready
    yield "charts have films", charts
    yield "a second call is answered by the cache", cached
    yield "an ETag saves sending an answer again", revalidated
    yield "a film, by its TMDB and its IMDb id", film
    yield "a film is found by its title", found
    yield "errors have their shape", errors
    yield "every page may call the catalogue", open_catalogue
    yield "personal answers take a login and are kept nowhere", private
    yield "the documentation and its description", documentation
    yield "static files are served", static_files
    yield "browsers are told to be careful", policy
    yield "there are films to start with", starter
    if site.base_url.startswith("https://"):
        yield "browsers are told to stay with https, and sent there", https_only


def writing() -> Iterator[Check]:
    """Yield the checks that make an account, use it, and delete it, in this order."""
    yield "register, log in, refresh once", sessions
    yield "the five lists: add, list, library, remove", lists
    yield "recommendations have reasons", recommendations
    yield "a new password ends the sessions", password
    yield "the export holds the user", exported
    yield "the account is deleted", deleted


def ready(site: Site) -> None:
    state = site.get("/api/health/ready/").json()
    expect(state["status"] == "ok", f"ready is {state['status']}: {state['checks']}")


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


def film(site: Site) -> None:
    detail = site.get(f"/api/movies/{FILM}/").json()
    expect(detail["id"] == FILM, f"film {FILM} answers {detail['id']}")
    location = site.get(f"/api/movies/{detail['imdb_id']}/", 308).headers.get("Location")
    expect(location == f"/api/movies/{FILM}/", f"Location: {location}")
    for name in ("recommendations", "similar"):
        expect(site.get(f"/api/movies/{FILM}/{name}/").json()["results"], f"{name} are empty")


def found(site: Site) -> None:
    results = site.get("/api/movies/search/?query=matrix").json()["results"]
    expect(FILM in [each["id"] for each in results], f"film {FILM} is not found")


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
    expect(headers.get("Cache-Control") == "private, no-store", "a personal answer may be kept")
    expect(headers.get("WWW-Authenticate"), "no WWW-Authenticate")


def documentation(site: Site) -> None:
    site.get("/")
    site.get("/api/docs/")
    site.get("/api/redoc/")
    expect(site.get("/api/schema.json").json()["paths"], "the description is empty")


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
    films = site.get("/api/recommendations/starter/").json()["results"]
    picked = {"movie_ids": [each["id"] for each in films[:3]]}
    answer = site.post("/api/recommendations/preview/", 200, picked).json()
    expect(answer["results"], "a preview is empty")


def https_only(site: Site) -> None:
    hsts = site.get("/api/docs/").headers.get("Strict-Transport-Security")
    expect(hsts, "no Strict-Transport-Security")
    # By name alone: another port has no plain http beside it.
    parts = urlsplit(site.base_url)
    if parts.port in (None, 443):
        plain = f"http://{parts.hostname}/api/docs/"
        try:
            status = requests.get(plain, allow_redirects=False, timeout=LONGEST).status_code
        except requests.ConnectionError:
            return
        expect(status in (301, 308), f"http is answered with {status}")


def sessions(site: Site) -> None:
    name = f"smoke-{secrets.token_hex(8)}"
    site.password = secrets.token_urlsafe(20)
    body = {"username": name, "email": f"{name}@smoke.invalid", "password": site.password}
    site.token = site.post("/api/auth/register/", 201, body).json()["access"]
    login = {"username": name, "password": site.password}
    session = site.post("/api/auth/login/", 200, login).json()
    refresh = {"refresh": session["refresh"]}
    site.token = site.post("/api/auth/refresh/", 200, refresh).json()["access"]
    site.post("/api/auth/refresh/", 401, refresh)
    profile = site.get("/api/users/profile/").json()
    expect(profile["username"] == name, f"the profile is {profile['username']}'s")


def lists(site: Site) -> None:
    # Watched takes off the watchlist, so it comes first.
    for name in ("favorites", "watched", "watchlist", "ratings", "hidden"):
        path, body = f"/api/users/{name}/", {"movie_id": FILM, "rating": 8}
        site.post(path, 201, body)
        site.post(path, 200, body)
        entries = site.get(path).json()["results"]
        expect(
            [each["movie"]["id"] for each in entries] == [FILM], f"{name} has not what was added"
        )
        library = site.get(f"/api/users/library/?movie_ids={FILM}").json()[str(FILM)]
        expect(sum(map(bool, library.values())) == 1, f"the library does not know of {name}")
        site.ask("DELETE", f"{path}{FILM}/", 204)


def recommendations(site: Site) -> None:
    site.post("/api/users/favorites/", 201, {"movie_id": FILM})
    results = site.get("/api/recommendations/").json()["results"]
    named = {reason["id"] for each in results for reason in each["because"]}
    expect(named == {FILM}, f"the reasons are {named or 'none'}")
    expect(FILM not in [each["movie"]["id"] for each in results], "a favorite is recommended")
    taste = site.get("/api/recommendations/taste/").json()
    expect(taste["totals"]["films"] == 1, "the taste is of other films")


def password(site: Site) -> None:
    old, site.password = site.password, secrets.token_urlsafe(20)
    body = {"old_password": old, "new_password": site.password}
    renewed = site.post("/api/auth/password/change/", 200, body).json()["access"]
    site.get("/api/users/profile/", 401)
    site.token = renewed


def exported(site: Site) -> None:
    expect(site.get("/api/users/export/").json()["user"], "the export is empty")


def deleted(site: Site) -> None:
    site.post("/api/users/profile/delete/", 204, {"password": site.password})
    site.get("/api/users/profile/", 401)
    site.token = None
