"""Database queries per endpoint, as committed in query_counts.json.

REWRITE_CONTRACTS=1 rewrites the file, so that a reviewer sees 3 become 14.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from users.lists.kinds import LISTS
from users.lists.tests.builders import make_movies
from users.models import User

COMMITTED = Path(__file__).with_name("query_counts.json")
BODIES = {"ratings": {"rating": 8}}


def queries(page, method: str, path: str, body: dict | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = page.call(method, path, body)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code < 300, response.content
    # Transactions differ between the databases.
    ends = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(ends) for query in captured)


def fill(kind, count: int) -> None:
    user = User.objects.get()
    kind.model.objects.all().delete()
    kind.model.objects.bulk_create(
        kind.model(user=user, movie_id=n, added_at=timezone.now(), **BODIES.get(kind.name, {}))
        for n in range(1, count + 1)
    )


@pytest.fixture
def page(ada):
    make_movies(130)
    return ada


def test_the_queries_of_each_endpoint(page):
    counted = {
        "GET users/profile/": queries(page, "get", "users/profile/"),
        "PATCH users/profile/": queries(page, "patch", "users/profile/", {"first_name": "Ada"}),
        "GET users/export/": queries(page, "get", "users/export/"),
        "GET users/library/": queries(page, "get", "users/library/?movie_ids=1,2,3"),
    }
    for name, kind in LISTS.items():
        path, body = f"users/{name}/", BODIES.get(name, {})
        fill(kind, 100)
        additions = [{"movie_id": n} | body for n in range(80, 131)]
        counted |= {
            f"GET {path}": queries(page, "get", path),
            f"POST {path}": queries(page, "post", path, {"movie_id": 101} | body),
            f"POST {path} again": queries(page, "post", path, {"movie_id": 101} | body),
            f"GET {path}<id>/": queries(page, "get", f"{path}1/"),
            f"PUT {path}<id>/": queries(page, "put", f"{path}102/", body),
            f"DELETE {path}<id>/": queries(page, "delete", f"{path}1/"),
            f"POST {path}bulk/": queries(
                page, "post", f"{path}bulk/", {"add": additions, "remove": [2, 3, 4]}
            ),
        }
    if os.environ.get("REWRITE_CONTRACTS"):
        COMMITTED.write_text(json.dumps(counted, indent=1) + "\n", "utf-8")
    assert counted == json.loads(COMMITTED.read_text("utf-8"))


@pytest.mark.parametrize("sort", ["-added_at", "title", "-release_date", "rating"])
@pytest.mark.parametrize("name", LISTS)
def test_the_queries_of_a_page_do_not_depend_on_its_size(page, name, sort):
    fill(LISTS[name], 100)
    path = f"users/{name}/?sort={sort}&genres=28&query=e"
    counted = {
        queries(page, "get", f"users/{name}/?sort={sort}&page_size={n}") for n in (2, 20, 100)
    }
    assert len(counted) == 1
    assert queries(page, "get", path) <= counted.pop()
