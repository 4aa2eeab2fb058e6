"""Checks that create an account, use it and delete it, in this order."""

import secrets
from collections.abc import Iterator

from .public import MOVIE
from .site import Check, Site, expect


def checks() -> Iterator[Check]:
    """Yield the checks in the order in which they run."""
    yield "register, log in, refresh the tokens once", sessions
    yield "the five lists: add, list, library, remove", lists
    yield "recommendations have reasons", recommendations
    yield "changing the password ends all sessions", password
    yield "the export contains the user", exported
    yield "the account is deleted", deleted


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
    expect(profile["username"] == name, f"the profile belongs to {profile['username']}")


def lists(site: Site) -> None:
    # Adding to `watched` removes the movie from the watchlist, so `watched` comes first.
    for name in ("favorites", "watched", "watchlist", "ratings", "hidden"):
        path, body = f"/api/users/{name}/", {"movie_id": MOVIE, "rating": 8}
        site.post(path, 201, body)
        site.post(path, 200, body)
        entries = site.get(path).json()["results"]
        expect(
            [each["movie"]["id"] for each in entries] == [MOVIE], f"{name} lacks the added movie"
        )
        library = site.get(f"/api/users/library/?movie_ids={MOVIE}").json()[str(MOVIE)]
        expect(sum(map(bool, library.values())) == 1, f"the library does not show {name}")
        site.request("DELETE", f"{path}{MOVIE}/", 204)


def recommendations(site: Site) -> None:
    site.post("/api/users/favorites/", 201, {"movie_id": MOVIE})
    results = site.get("/api/recommendations/").json()["results"]
    named = {reason["id"] for each in results for reason in each["because"]}
    expect(named == {MOVIE}, f"the reasons are {named or 'none'}")
    expect(MOVIE not in [each["movie"]["id"] for each in results], "a favorite is recommended")
    taste = site.get("/api/recommendations/taste/").json()
    expect(taste["totals"]["films"] == 1, "the taste does not count the favorite")


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
