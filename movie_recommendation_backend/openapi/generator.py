"""Add what drf-yasg does not generate: tag descriptions, examples, health, required properties."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from drf_yasg import openapi
from drf_yasg.generators import OpenAPISchemaGenerator
from rest_framework.request import Request
from rest_framework.views import APIView

from .health import HEALTH_DEFINITIONS, HEALTH_PATHS
from .info import TAGS

EXAMPLES = json.loads(Path(__file__).with_name("examples.json").read_text("utf-8"))

# Parameters of the same name mean the same in all operations.
PARAMETER_EXAMPLES = {
    "cursor": "W2ZhbHNlLCIyMDI2LTExLTI1VDA3OjUyOjAzLjExNTI5NiswMDowMCIsNjAzXQ:1w2x3y:example",
    "exclude": "603,550",
    "exclude_genres": "27,53",
    "exclude_watchlist": True,
    "genres": "28,878",
    "include_adult": False,
    "language": "de-DE",
    "limit": 20,
    "max_runtime": 150,
    "min_rating": 7.5,
    "min_runtime": 80,
    "min_votes": 500,
    "movie_id": "603",
    "movie_ids": "603,550",
    "original_language": "fr",
    "page": 1,
    "page_size": 20,
    "query": "matrix",
    "region": "DE",
    "released_after": "1990-01-01",
    "released_before": "1999-12-31",
    "year": 1999,
}
PATH_PARAMETERS = {"movie_id": "The movie's TMDB id. The catalogue accepts IMDb ids too."}


class SchemaGenerator(OpenAPISchemaGenerator):
    def get_overrides(self, view: APIView, method: str) -> dict[str, Any]:
        """Let views with a `describe` method adapt the description of an inherited operation."""
        overrides = super().get_overrides(view, method)
        return view.describe(overrides) if hasattr(view, "describe") else overrides

    def get_schema(self, request: Request | None = None, public: bool = False) -> openapi.Swagger:
        schema = super().get_schema(request, public)
        schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
        schema["definitions"] |= HEALTH_DEFINITIONS
        schema["paths"] |= HEALTH_PATHS
        for path in schema["paths"].values():
            describe_parameters(path.get("parameters", ()))
        for operation in operations(schema):
            describe_parameters(operation.get("parameters", ()))
            add_examples(operation, schema["definitions"])
        require_answered_properties(schema)
        return schema


def operations(schema: dict) -> Iterator[dict]:
    """Yield all operations of the schema."""
    for path in schema["paths"].values():
        for name, operation in path.items():
            if name != "parameters":
                yield operation


def describe_parameters(parameters: list[dict]) -> None:
    for parameter in parameters:
        name = parameter["name"]
        if name in PARAMETER_EXAMPLES and parameter["in"] != "body":
            parameter["x-example"] = PARAMETER_EXAMPLES[name]
        if parameter["in"] == "path":
            parameter["description"] = PATH_PARAMETERS[name]


def add_examples(operation: dict, definitions: dict) -> None:
    examples = EXAMPLES.get(operation["operationId"], {})
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "body" and "request" in examples:
            definitions[name_of(parameter["schema"])]["example"] = examples["request"]
    for status, response in operation["responses"].items():
        if str(status) in examples:
            response["examples"] = {"application/json": examples[str(status)]}


def require_answered_properties(schema: dict) -> None:
    """Require all properties of the definitions that appear in responses only.

    drf-yasg requires those that a request would need, but a response always has all of them.
    """
    requested = set()
    for operation in operations(schema):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "body":
                requested |= definitions_in(parameter["schema"], schema["definitions"])
    for name, definition in schema["definitions"].items():
        written_by_hand = name in HEALTH_DEFINITIONS
        if name not in requested and not written_by_hand and definition.get("properties"):
            definition["required"] = list(definition["properties"])


def definitions_in(part: object, definitions: dict) -> set[str]:
    """Return the names of the definitions that a part of the schema refers to, recursively."""
    names: set[str] = set()
    if isinstance(part, dict):
        if "$ref" in part:
            names = {name_of(part)} | definitions_in(definitions[name_of(part)], definitions)
        for value in part.values():
            names |= definitions_in(value, definitions)
    return names


def name_of(schema: dict) -> str:
    return schema["$ref"].rpartition("/")[2]
