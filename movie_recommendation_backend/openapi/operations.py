"""The decorator that describes an operation, and what operations have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from drf_yasg import openapi
from drf_yasg.utils import swagger_auto_schema
from rest_framework import serializers

# The tag of an operation, by the first part of its id.
GROUPS = {
    "movies": "Movies",
    "auth": "Authentication",
    "users": "Users",
    "recommendations": "Recommendations",
}


class ErrorDetailSerializer(serializers.Serializer):
    code = serializers.CharField(
        help_text="A code for programs, such as `required`, `invalid`, `unique`, `not_found`,"
        " `not_authenticated`, `token_not_valid`, `invalid_credentials`, `wrong_password`,"
        " `throttled`, `list_full`, `catalogue_unavailable`, `parse_error`. More may be added."
    )
    detail = serializers.CharField(help_text="A message for people.")
    attr = serializers.CharField(allow_null=True, help_text="The invalid parameter or field.")


def _family(name: str, kind: str) -> type[serializers.Serializer]:
    """Return the serializer of a family of errors, whose `type` has a single value."""
    attributes = {
        "type": serializers.ChoiceField([kind]),
        "errors": ErrorDetailSerializer(many=True),
    }
    return type(f"{name}Serializer", (serializers.Serializer,), attributes)


ValidationErrors = _family("ValidationErrors", "validation_error")
ClientErrors = _family("ClientErrors", "client_error")
ServerErrors = _family("ServerErrors", "server_error")


def _header(description: str, kind: str = openapi.TYPE_STRING) -> dict:
    return {"description": description, "type": kind}


EVERYWHERE = {"X-Request-ID": _header("The request's id, as logged by the server.")}
CACHED = {
    "ETag": _header("Send this as `If-None-Match` to get a 304 if nothing has changed."),
    "Cache-Control": _header("`public, max-age=<seconds of freshness left>, …`"),
    "Cache-Status": _header("`catalogue; hit; ttl=…` or `catalogue; fwd=miss; …` (RFC 9211)."),
}
RETRY_AFTER = {"Retry-After": _header("Seconds to wait.", openapi.TYPE_INTEGER)}
WWW_AUTHENTICATE = {"WWW-Authenticate": _header('`Bearer realm="api"`')}


def _failure(
    description: str,
    family: type[serializers.Serializer],
    code: str,
    detail: str,
    attr: str | None = None,
    headers: dict[str, dict] | None = None,
) -> openapi.Response:
    kind = family().get_fields()["type"]
    assert isinstance(kind, serializers.ChoiceField)
    example = {
        "type": next(iter(kind.choices)),
        "errors": [{"code": code, "detail": detail, "attr": attr}],
    }
    return openapi.Response(
        description,
        family,
        examples={"application/json": example},
        headers=EVERYWHERE | (headers or {}),
    )


FAILURES = {
    400: _failure(
        "A parameter or field is invalid; `attr` names it.",
        ValidationErrors,
        "max_value",
        "Ensure this value is less than or equal to 500.",
        "page",
    ),
    401: _failure(
        "`not_authenticated`: no token was sent. `token_not_valid`: the token is damaged, expired"
        " or revoked. `invalid_credentials`: the username or password is wrong.",
        ClientErrors,
        "token_not_valid",
        "The token is damaged, expired or revoked.",
        headers=WWW_AUTHENTICATE,
    ),
    404: _failure("Not found.", ClientErrors, "not_found", "Not found."),
    409: _failure(
        "The list is full.", ClientErrors, "list_full", "A list can have at most 50,000 movies."
    ),
    415: _failure(
        "The body is not JSON.",
        ClientErrors,
        "unsupported_media_type",
        'Unsupported media type "text/plain" in request.',
    ),
    429: _failure(
        "Too many requests. Try again after `Retry-After` seconds.",
        ClientErrors,
        "throttled",
        "Request was throttled. Expected available in 42 seconds.",
        headers=RETRY_AFTER,
    ),
    503: _failure(
        "Temporarily unavailable. Try again after `Retry-After` seconds.",
        ServerErrors,
        "catalogue_unavailable",
        "The movie catalogue is temporarily unavailable.",
        headers=RETRY_AFTER,
    ),
}


def description(
    operation_id: str,
    summary: str,
    text: str,
    *,
    query: type[serializers.Serializer] | None = None,
    takes: type[serializers.Serializer] | None = None,
    answers: Mapping[int, type[serializers.Serializer] | openapi.Schema | None],
    headers: dict[str, dict] | None = None,
    fails: tuple[int, ...] = (),
    public: bool = False,
    tag: str | None = None,
) -> dict:
    """Return the description of an operation, as keyword arguments of `swagger_auto_schema`.

    `query` and `takes` are the serializers of the query and the body. `answers` maps each
    successful status to its serializer, None for an empty body. `fails` lists the error statuses
    that do not follow from the rest: 429 and 503 are always included, 401 unless the operation is
    `public`, 400 with a query or body, and 415 with a body. `tag` defaults to the one in GROUPS.
    Examples are in examples.json, by operation id.
    """
    failures = {429, 503, *fails} | (set() if public else {401})
    failures |= ({400} if query or takes else set()) | ({415} if takes else set())
    success = EVERYWHERE | (headers or {})
    responses = {
        status: openapi.Response(summary, answer, headers=success)
        for status, answer in answers.items()
    }
    described: dict[str, Any] = {
        "operation_id": operation_id,
        "operation_summary": summary,
        "operation_description": text,
        "query_serializer": query,
        "request_body": takes,
        "responses": responses | {status: FAILURES[status] for status in sorted(failures)},
        "tags": [tag or GROUPS[operation_id.partition("_")[0]]],
        "security": [] if public else [{"Bearer": []}],
    }
    return {name: value for name, value in described.items() if value is not None}


def documented(operation_id: str, summary: str, text: str, **details: Any) -> Callable:
    """Return a decorator that describes an operation, with the arguments of `description`."""
    return swagger_auto_schema(**description(operation_id, summary, text, **details))
