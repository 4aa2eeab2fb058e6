"""The description of the health paths, which are answered before Django's views are looked for."""

from .operations import EVERYWHERE, RETRY_AFTER

STATES = {"type": "string", "enum": ["ok", "degraded", "down"]}
MILLISECONDS = {"type": "number", "description": "How long the check took."}


def _check(**more: dict) -> dict:
    return {
        "type": "object",
        "required": ["status", "ms"],
        "properties": {"status": STATES, "ms": MILLISECONDS, **more},
    }


HEALTH_DEFINITIONS = {
    "Liveness": {
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "string", "enum": ["ok"]}},
    },
    "DatabaseCheck": _check(),
    "CacheCheck": _check(backend={"type": "string", "enum": ["redis", "local memory"]}),
    "CatalogueCheck": _check(
        source={"type": "string", "enum": ["tmdb", "demo"]},
        breaker={"type": "string", "enum": ["closed", "half-open", "open"]},
        last_success_age={
            "type": "number",
            "description": "Seconds since TMDB last answered this process.",
            "x-nullable": True,
        },
    ),
    "Readiness": {
        "type": "object",
        "required": ["status", "checks"],
        "properties": {
            "status": STATES,
            "checks": {
                "type": "object",
                "required": ["database", "cache", "catalogue"],
                "properties": {
                    name: {"$ref": f"#/definitions/{name.title()}Check"}
                    for name in ("database", "cache", "catalogue")
                },
            },
        },
    },
}


def _operation(operation_id: str, summary: str, description: str, answers: dict[int, dict]) -> dict:
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "description": description,
            "parameters": [],
            "responses": answers,
            "tags": ["Operations"],
            "security": [],
        }
    }


def _answer(description: str, definition: str, **headers: dict) -> dict:
    schema = {"$ref": f"#/definitions/{definition}"}
    return {"description": description, "schema": schema, "headers": EVERYWHERE | headers}


HEALTH_PATHS = {
    "/health/live/": _operation(
        "health_live",
        "Does the process answer",
        "It looks at nothing else.",
        {"200": _answer("It does.", "Liveness")},
    ),
    "/health/ready/": _operation(
        "health_ready",
        "What there is to work with",
        "Database, cache and catalogue, checked at most every two seconds, without a request to"
        " TMDB. `degraded` where a part is missing, which still answers something.",
        {
            "200": _answer("`ok` or `degraded`.", "Readiness"),
            "503": _answer("Nothing useful can be answered.", "Readiness", **RETRY_AFTER),
        },
    ),
}
