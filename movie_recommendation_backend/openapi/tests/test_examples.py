"""The examples in the schema are actual responses, from the demo catalogue.

REWRITE_CONTRACTS=1 rewrites them. Lists are cut to their first entry; what differs from run to
run (tokens, times, ids of rows) has a value of its kind.
"""

import json
import os
import re

import pytest
from django.conf import settings
from django.test import Client

from movie_recommendation_backend.openapi.generator import (
    PARAMETER_EXAMPLES,
    name_of,
    operations,
)
from movie_recommendation_backend.tests.conformance import validator
from users.accounts.tests.test_password_reset import link_of

EXAMPLES = settings.BASE_DIR / "movie_recommendation_backend/openapi/examples.json"
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiNDIifQ.c2lnbmF0dXJl"
MOMENT = "2026-11-25T07:52:03.115296Z"
UID, RESET_TOKEN = "NDI", "dil7x4-1238a2cad2e14baefa91dcb4166d3dcc"
ADA = {"username": "ada", "email": "ada@films.example", "password": "correct horse 9"}

VALUES = {
    "access": TOKEN,
    "refresh": TOKEN,
    "date_joined": MOMENT,
    "last_login": MOMENT,
    "added_at": MOMENT,
    "blacklisted_at": MOMENT,
    "expires_at": "2026-12-09T07:52:03Z",
    "jti": "0123456789abcdef0123456789abcdef",
    "uid": UID,
    "token": RESET_TOKEN,
    "ms": 0.4,
}


def settled(value: object, name: str = "") -> object:
    """Replace everything that differs between runs by example values."""
    if isinstance(value, dict):
        return {key: settled(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [settled(each) for each in value[:1]]
    if name in VALUES and value is not None:
        return VALUES[name]
    if name in ("next", "previous") and value:
        return re.sub(r"cursor=[^&]+", f"cursor={PARAMETER_EXAMPLES['cursor']}", value)
    return value


class Recorder:
    def __init__(self):
        self.client = Client()
        self.headers = {}
        self.examples = {}

    def __call__(self, operation: str, method: str, path: str, body: dict | None = None) -> dict:
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        response = getattr(self.client, method)(f"/api/{path}", headers=self.headers, **content)
        if response.streaming:
            answer = json.loads(b"".join(response.streaming_content))
        else:
            answer = response.json() if response.content else None
        example = self.examples.setdefault(operation, {})
        if body is not None:
            example.setdefault("request", settled(body))
        if answer is not None:
            example[str(response.status_code)] = settled(answer)
        return answer


@pytest.mark.django_db(transaction=True)
def test_the_examples_are_actual_responses(mailbox):
    record = Recorder()
    for chart in ("trending", "popular", "top-rated", "now-playing", "upcoming"):
        record(f"movies_{chart.replace('-', '_')}", "get", f"movies/{chart}/")
    record("movies_search", "get", "movies/search/?query=matrix")
    record("movies_discover", "get", "movies/discover/?genres=28,878&sort=-rating")
    record("movies_genres", "get", "movies/genres/")
    record("movies_retrieve", "get", "movies/603/")
    record("movies_recommendations", "get", "movies/603/recommendations/")
    record("movies_similar", "get", "movies/603/similar/")
    record("health_live", "get", "health/live/")
    record("recommendations_starter", "get", "recommendations/starter/?limit=5")
    record("recommendations_preview", "post", "recommendations/preview/", {"movie_ids": [603]})

    record("auth_register", "post", "auth/register/", ADA)
    login = {"username": "ada", "password": ADA["password"]}
    session = record("auth_login", "post", "auth/login/", login)
    record("auth_refresh", "post", "auth/refresh/", {"refresh": session["refresh"]})
    record("auth_verify", "post", "auth/verify/", {"token": session["access"]})
    record.headers = {"authorization": f"Bearer {session['access']}"}

    record("users_profile", "get", "users/profile/")
    changes = {"first_name": "Ada", "language": "de", "region": "DE", "favorite_genres": [878]}
    record("users_profile_change", "patch", "users/profile/", changes)
    own = {"ratings": {"rating": 9}, "watched": {"watched_on": "1999-04-01", "plays": 1}}
    for name in ("watched", "favorites", "watchlist", "ratings", "hidden"):
        body, path = own.get(name, {}), f"users/{name}/"
        record(f"{name}_add", "post", path, {"movie_id": 603} | body)
        record(f"{name}_add", "post", path, {"movie_id": 603} | body)
        record(f"{name}_put", "put", f"{path}550/", body)
        record(f"{name}_put", "put", f"{path}550/", body)
        record(f"{name}_list", "get", f"{path}?page_size=1")
        record(f"{name}_check", "get", f"{path}603/")
        bulk = {"add": [{"movie_id": 13, "added_at": MOMENT} | body], "remove": [550]}
        record(f"{name}_bulk", "post", f"{path}bulk/", bulk)
    record("users_library", "get", "users/library/?movie_ids=603,550")
    record("users_export", "get", "users/export/")
    record("recommendations_list", "get", "recommendations/?limit=5")
    record("recommendations_taste", "get", "recommendations/taste/")

    passwords = {"old_password": ADA["password"], "new_password": "another horse 9"}
    session = record("auth_password_change", "post", "auth/password/change/", passwords)
    record("auth_logout", "post", "auth/logout/", {"refresh": session["refresh"]})
    record("auth_password_reset", "post", "auth/password/reset/", {"email": ADA["email"]})
    confirmation = link_of(mailbox.next()) | {"new_password": "a third horse 9"}
    path = "auth/password/reset/confirm/"
    record("auth_password_reset_confirm", "post", path, confirmation)
    login["password"] = "a third horse 9"
    session = record.client.post("/api/auth/login/", login, content_type="application/json")
    record.headers = {"authorization": f"Bearer {session.json()['access']}"}
    path = "users/profile/delete/"
    record("users_profile_delete", "post", path, {"password": login["password"]})

    record.examples["users_export"]["200"]["user"]["id"] = 42
    if os.environ.get("REWRITE_CONTRACTS"):
        text = json.dumps(record.examples, indent=1, ensure_ascii=False)
        EXAMPLES.write_text(text + "\n", "utf-8")
    assert record.examples == json.loads(EXAMPLES.read_text("utf-8"))


@pytest.fixture
def schema(client) -> dict:
    return client.get("/api/schema.json").json()


def test_every_operation_has_examples(schema):
    without = []
    for operation in operations(schema):
        body = [each for each in operation["parameters"] if each["in"] == "body"]
        if body and "example" not in schema["definitions"][name_of(body[0]["schema"])]:
            # A list without columns of its own has an empty body.
            if schema["definitions"][name_of(body[0]["schema"])].get("properties"):
                without.append(operation["operationId"])
        for status, response in operation["responses"].items():
            if "schema" in response and "examples" not in response:
                without.append(f"{operation['operationId']} {status}")
    # The response depends on what the process has seen.
    assert without == ["health_ready 200", "health_ready 503"]


def test_every_example_matches_its_schema(schema):
    checked = 0
    for operation in operations(schema):
        for response in operation["responses"].values():
            for example in response.get("examples", {}).values():
                validator(json.dumps(response["schema"])).validate(example)
                checked += 1
    for name, definition in schema["definitions"].items():
        if "example" in definition:
            validator(json.dumps({"$ref": f"#/definitions/{name}"})).validate(definition["example"])
            checked += 1
    assert checked > 300


def test_every_examples_operation_exists(schema):
    described = {operation["operationId"] for operation in operations(schema)}
    assert json.loads(EXAMPLES.read_text("utf-8")).keys() <= described
