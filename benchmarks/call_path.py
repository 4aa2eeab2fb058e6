"""Print the files that a cache hit passes through, and those that adding a new movie does.

    python benchmarks/call_path.py

Runs on the demo catalogue and a temporary SQLite database, on local memory. The demo itself, which
stands in for TMDb, is not counted.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.db import connection
from django.test import Client

from users.accounts.tokens import tokens_for
from users.models import User

APPS = ("movie_recommendation_backend", "movies", "users")


def passed(send: Callable[[], object]) -> set[tuple[str, str]]:
    """Return the (file, function) pairs that `send` calls in this project."""
    found = set()

    def note(frame: object, event: str, argument: object) -> None:
        path = Path(frame.f_code.co_filename)  # type: ignore[attr-defined]
        if event == "call" and path.is_relative_to(ROOT):
            file = str(path.relative_to(ROOT))
            if file.startswith(APPS) and not file.startswith("movies/demo/"):
                found.add((file, frame.f_code.co_qualname))  # type: ignore[attr-defined]

    sys.setprofile(note)
    try:
        send()
    finally:
        sys.setprofile(None)
    return found


def show(name: str, calls: set[tuple[str, str]]) -> None:
    files = sorted({file for file, _ in calls})
    print(f"{name}: {len(files)} files, {len(calls)} functions")
    for file in files:
        print(f"  {file}")


def main() -> None:
    connection.creation.create_test_db(verbosity=0)
    try:
        client = Client()
        client.get("/api/movies/popular/")
        show("A hit", passed(lambda: client.get("/api/movies/popular/")))
        user = User.objects.create_user("ada", "ada@films.example", "correct horse 9")
        headers = {"authorization": f"Bearer {tokens_for(user)['access']}"}
        body = {"movie_id": 9323}
        # The first request of a user imports what it needs.
        client.get("/api/users/favorites/", headers=headers)
        show(
            "A favorite of an unknown movie",
            passed(
                lambda: client.post(
                    "/api/users/favorites/", body, content_type="application/json", headers=headers
                )
            ),
        )
    finally:
        connection.creation.destroy_test_db("unused", verbosity=0)


if __name__ == "__main__":
    main()
