"""One decorator that describes an operation, and the pieces that operations share."""

from collections.abc import Callable, Mapping
from typing import Any

from drf_yasg import openapi
from drf_yasg.utils import swagger_auto_schema
from rest_framework import serializers

# A serializer, or the function that makes one of a view's kind.
Body = type[serializers.Serializer] | Callable[..., type[serializers.Serializer]]

# Tags by the first part of an operation's id.
GROUPS = {
    "movies": "Movies",
    "auth": "Authentication",
    "users": "Users",
    "recommendations": "Recommendations",
}


class ErrorDetailSerializer(serializers.Serializer):
    code = serializers.CharField(
        help_text="For programs, such as `required`, `invalid`, `unique`, `not_found`,"
        " `not_authenticated`, `token_not_valid`, `invalid_credentials`, `wrong_password`,"
        " `throttled`, `list_full`, `catalogue_unavailable`, `parse_error`. More may come."
    )
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(allow_null=True, help_text="The parameter or field at fault.")


def _family(name: str, kind: str) -> type[serializers.Serializer]:
    """Return the serializer of one family of errors, told apart by its one-value `type`."""
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


EVERYWHERE = {"X-Request-ID": _header("The request's id, which is in our log.")}
CACHED = {
    "ETag": _header("Send it as `If-None-Match`: while nothing changed the answer is a 304."),
    "Cache-Control": _header("`public, max-age=<seconds of freshness left>, …`"),
    "Cache-Status": _header("`catalogue; hit; ttl=…` or `catalogue; fwd=miss; …` (RFC 9211)."),
}
RETRY_AFTER = {"Retry-After": _header("Seconds to wait.", openapi.TYPE_INTEGER)}
WWW_AUTHENTICATE = {"WWW-Authenticate": _header('`Bearer realm="api"`')}


def _failure(
    description: str, family: type, code: str, detail: str, attr: str | None = None, **headers: dict
) -> openapi.Response:
    kind = family().fields["type"].choices
    example = {
        "type": next(iter(kind)),
        "errors": [{"code": code, "detail": detail, "attr": attr}],
    }
    return openapi.Response(
        description,
        family,
        examples={"application/json": example},
        headers=EVERYWHERE | headers,
    )


FAILURES = {
    400: _failure(
        "A parameter or field is wrong; `attr` names it.",
        ValidationErrors,
        "max_value",
        "Ensure this value is less than or equal to 500.",
        "page",
    ),
    401: _failure(
        "`not_authenticated`: no token was sent; `token_not_valid`: it is damaged, has expired or"
        " was ended; `invalid_credentials`: no such login.",
        ClientErrors,
        "token_not_valid",
        "The token is not valid: it is damaged, has expired or was ended.",
        **WWW_AUTHENTICATE,
    ),
    404: _failure("It is not there.", ClientErrors, "not_found", "Not found."),
    409: _failure(
        "The list is full.", ClientErrors, "list_full", "A list holds at most 50,000 films."
    ),
    415: _failure(
        "The body is not JSON.",
        ClientErrors,
        "unsupported_media_type",
        'Unsupported media type "text/plain" in request.',
    ),
    429: _failure(
        "Too many requests: try again after `Retry-After` seconds.",
        ClientErrors,
        "throttled",
        "Request was throttled. Expected available in 42 seconds.",
        **RETRY_AFTER,
    ),
    503: _failure(
        "What is asked for cannot be reached: try again after `Retry-After` seconds.",
        ServerErrors,
        "catalogue_unavailable",
        "The film catalogue cannot be reached for the moment.",
        **RETRY_AFTER,
    ),
}


def description(
    operation_id: str,
    summary: str,
    text: str,
    *,
    query: type[serializers.Serializer] | None = None,
    takes: Body | None = None,
    answers: Mapping[int, Body | openapi.Schema | None],
    headers: dict[str, dict] | None = None,
    fails: tuple[int, ...] = (),
    public: bool = False,
    tag: str | None = None,
) -> dict:
    """Describe an operation: what it takes, what it answers with which status, how it fails.

    Failures that follow from the rest (400 and 415 for what is taken, 401 if a login is needed,
    429, 503) need not be named. The `tag` defaults to that of the id's first part. Examples are in
    examples.json, under the operation's id.
    """
    failures = {429, 503, *fails} | (set() if public else {401})
    failures |= ({400} if query or takes else set()) | ({415} if takes else set())
    success = EVERYWHERE | (headers or {})
    responses = {
        status: openapi.Response(summary, answer, headers=success)
        for status, answer in answers.items()
    }
    described = {
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
    """Return a decorator that describes an operation; `details` are those of `description`."""
    return swagger_auto_schema(**description(operation_id, summary, text, **details))
