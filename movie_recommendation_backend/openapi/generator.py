"""What drf-yasg does not make of the views: tags with words, examples, health, required answers."""

import json
from collections.abc import Iterator
from pathlib import Path

from drf_yasg.generators import OpenAPISchemaGenerator

from .health import HEALTH_DEFINITIONS, HEALTH_PATHS
from .info import TAGS

EXAMPLES = json.loads(Path(__file__).with_name("examples.json").read_text("utf-8"))

# Parameters are named alike everywhere, and mean the same.
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
PATH_PARAMETERS = {"movie_id": "A film's TMDB id; the catalogue takes IMDb ids too."}


class SchemaGenerator(OpenAPISchemaGenerator):
    def get_overrides(self, view, method):
        """Let a view class that serves several resources describe each in its own words."""
        overrides = super().get_overrides(view, method)
        return view.describe(overrides) if hasattr(view, "describe") else overrides

    def get_schema(self, request=None, public=False):
        schema = super().get_schema(request, public)
        schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
        schema["definitions"] |= HEALTH_DEFINITIONS
        schema["paths"] |= HEALTH_PATHS
        for path in schema["paths"].values():
            describe_parameters(path.get("parameters", ()))
        for operation in operations(schema):
            describe_parameters(operation.get("parameters", ()))
            add_examples(operation, schema["definitions"])
        require_what_is_answered(schema)
        return schema


def operations(schema: dict) -> Iterator[dict]:
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


def require_what_is_answered(schema: dict) -> None:
    """An answer has all its properties; drf-yasg requires of it what a request would need."""
    taken = set()
    for operation in operations(schema):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "body":
                taken |= reached(parameter["schema"], schema["definitions"])
    for name, definition in schema["definitions"].items():
        written_by_hand = name in HEALTH_DEFINITIONS
        if name not in taken and not written_by_hand and definition.get("properties"):
            definition["required"] = list(definition["properties"])


def reached(part: object, definitions: dict) -> set[str]:
    """Return the names of the definitions that a part of the schema leads to."""
    names = set()
    if isinstance(part, dict):
        if "$ref" in part:
            names = {name_of(part)} | reached(definitions[name_of(part)], definitions)
        for value in part.values():
            names |= reached(value, definitions)
    return names


def name_of(schema: dict) -> str:
    return schema["$ref"].rpartition("/")[2]
