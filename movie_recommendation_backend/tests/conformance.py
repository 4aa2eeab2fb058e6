"""A test client that checks every response against docs/schema.json."""

import gzip
import json
import re
from functools import cache

from django.conf import settings
from django.test import Client
from jsonschema import Draft4Validator

# No body; not modified; and the redirect from an IMDb id.
BODILESS = {204, 304, 308}
# Paths that the schema does not describe.
UNDESCRIBED = re.compile(r"/api/(docs|redoc)/?$|/api/schema\.(json|yaml)$")


@cache
def description() -> dict:
    return json.loads((settings.BASE_DIR / "docs/schema.json").read_text("utf-8"))


@cache
def path_patterns() -> list[tuple[re.Pattern, dict]]:
    """Return the described paths as patterns, those without parameters first."""
    paths = sorted(description()["paths"].items(), key=lambda item: "{" in item[0])
    base = description().get("basePath", "").rstrip("/")
    return [
        (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(base + path))), operations)
        for path, operations in paths
    ]


def strict(schema: object) -> object:
    """Convert Swagger 2.0 to JSON Schema that rejects additional properties."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    turned = {key: strict(value) for key, value in schema.items() if key != "x-nullable"}
    if "properties" in turned:
        turned.setdefault("additionalProperties", False)
    return {"anyOf": [turned, {"type": "null"}]} if schema.get("x-nullable") else turned


@cache
def validator(schema: str) -> Draft4Validator:
    """Return a validator of `schema` (JSON), which may refer to the definitions."""
    definitions = strict(description()["definitions"])
    return Draft4Validator(strict(json.loads(schema)) | {"definitions": definitions})


def of_family(name: str) -> Draft4Validator:
    return validator(json.dumps({"$ref": f"#/definitions/{name}"}))


def operation_for(method: str, path: str) -> dict | None:
    if not path.endswith("/"):
        path += "/"
    for pattern, operations in path_patterns():
        if pattern.fullmatch(path):
            return operations.get("get" if method == "HEAD" else method.lower())
    return None


def check(response) -> None:
    """Raise AssertionError if the response does not match the schema."""
    request = response.request
    method, path = request["REQUEST_METHOD"], request["PATH_INFO"]
    status = response.status_code
    described = path.startswith("/api/") and not path.startswith("/api/health/")
    if not described or status in BODILESS or method == "OPTIONS":
        return
    operation = operation_for(method, path)
    if operation is None:
        assert status >= 400 or UNDESCRIBED.match(path), f"{method} {path} is not described"
        if status >= 400:
            families = ("ValidationErrors", "ClientErrors", "ServerErrors")
            body = response.json()
            valid = any(of_family(name).is_valid(body) for name in families)
            assert valid, f"{method} {path}: {status} is not in the error shape"
        return
    documented = operation["responses"]
    assert str(status) in documented, f"{method} {path}: {status} is not documented"
    if method != "HEAD":
        schema = json.dumps(documented[str(status)]["schema"])
        body = json.loads(plain(response))
        errors = [f"{e.json_path}: {e.message[:200]}" for e in validator(schema).iter_errors(body)]
        assert not errors, f"{method} {path}: {errors[:5]}"


def plain(response) -> bytes:
    if response.streaming:
        content = b"".join(response.streaming_content)
        response.streaming_content = [content]
        return content
    packed = response.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if packed else response.content


class ConformingClient(Client):
    """Django's test client, which checks every response."""

    def request(self, **request):
        response = super().request(**request)
        check(response)
        return response
