"""Measure what each middleware adds to a request, in microseconds.

    python benchmarks/middleware.py

Each middleware is called alone around a view that does nothing, for a path of the catalogue, a
personal path and a page of the admin. The best of several rounds is shown.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

PATHS = ("/api/movies/popular/", "/api/users/profile/", "/admin/")
ROUNDS, CALLS = 7, 1000


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


def made_request(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    # Some middleware requires what others would have set.
    request.session = SessionStore()
    return request


def microseconds(call: Callable[[HttpRequest], HttpResponse], path: str) -> float:
    """Return the time of one call, without the time to make the request."""
    best = float("inf")
    for _ in range(ROUNDS):
        requests = [made_request(path) for _ in range(CALLS)]
        started = time.perf_counter()
        for request in requests:
            call(request)
        best = min(best, (time.perf_counter() - started) / CALLS)
    return best * 1e6


def measure() -> list[tuple[str, list[float]]]:
    """Return the time that each middleware adds, by path."""
    bare = [microseconds(view, path) for path in PATHS]
    return [
        (
            name,
            [
                microseconds(import_string(name)(view), path) - less
                for path, less in zip(PATHS, bare)
            ],
        )
        for name in settings.MIDDLEWARE
    ]


def main() -> None:
    print(f"{'':52}" + "".join(f"{path:>22}" for path in PATHS))
    rows = measure()
    for name, times in rows:
        print(f"{'.'.join(name.split('.')[-3:]):52}" + "".join(f"{each:22.1f}" for each in times))
    print(f"{'all':52}" + "".join(f"{sum(column):22.1f}" for column in zip(*(r[1] for r in rows))))


if __name__ == "__main__":
    main()
