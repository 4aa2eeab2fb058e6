"""The description of the health paths, which a middleware answers before routing."""

from .operations import EVERYWHERE, RETRY_AFTER

STATES = {"type": "string", "enum": ["ok", "degraded", "down"]}
MILLISECONDS = {"type": "number", "description": "Duration of the check in milliseconds."}


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
            "description": "Seconds since TMDB last responded to this process.",
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


def _operation(operation_id: str, summary: str, description: str, answers: dict[str, dict]) -> dict:
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
        "Check that the process responds",
        "Checks nothing else.",
        {"200": _answer("The process responds.", "Liveness")},
    ),
    "/health/ready/": _operation(
        "health_ready",
        "Check the database, the cache and the catalogue",
        "The checks run at most once every two seconds and send no request to TMDB. The status is"
        " `degraded` if some of the three are not `ok`, and `down` if all three are down.",
        {
            "200": _answer("The status is `ok` or `degraded`.", "Readiness"),
            "503": _answer("The status is `down`.", "Readiness", **RETRY_AFTER),
        },
    ),
}
