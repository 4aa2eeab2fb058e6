"""The description of the API (Swagger 2.0) and the pieces that operations share in it."""

from collections.abc import Callable

from drf_yasg import openapi
from drf_yasg.utils import swagger_auto_schema
from rest_framework import serializers

API_INFO = openapi.Info(
    title="Movie Recommendation Backend",
    default_version="v1",
    description=(
        "Discover films and decide what to watch next.\n\n"
        "This product uses the TMDB API but is not endorsed or certified by TMDB."
        " Where a film can be watched is known from JustWatch.\n\n"
        "Every error has one shape: `type`, and `errors` with `code`, `detail` and `attr`."
        " Every answer carries `X-Request-ID`."
    ),
)


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True, help_text="The parameter or field at fault.")


def _family(name: str, kind: str) -> type[serializers.Serializer]:
    """Return the serializer of one family of errors, told apart by its one-value `type`."""
    attributes = {
        "type": serializers.ChoiceField([kind]),
        "errors": ErrorSerializer(many=True),
    }
    return type(f"{name}Serializer", (serializers.Serializer,), attributes)


ValidationErrors = _family("ValidationErrors", "validation_error")
ClientErrors = _family("ClientErrors", "client_error")
ServerErrors = _family("ServerErrors", "server_error")

ERRORS = {
    400: openapi.Response("A parameter or field is wrong; `attr` names it.", ValidationErrors),
    401: openapi.Response(
        "`not_authenticated`: no token was sent; `token_not_valid`: it is damaged, has expired or"
        " was ended; `invalid_credentials`: no such login.",
        ClientErrors,
    ),
    404: openapi.Response("There is no such film.", ClientErrors),
    409: openapi.Response("The list is full.", ClientErrors),
    415: openapi.Response("The body is not JSON.", ClientErrors),
    429: openapi.Response(
        "Too many requests; try again after `Retry-After` seconds.", ClientErrors
    ),
    503: openapi.Response(
        "What is asked for cannot be reached for the moment; try again after `Retry-After`"
        " seconds.",
        ServerErrors,
    ),
}


# The first part of an operation's id, and the group that it stands in.
TAGS = {"movies": "Movies", "auth": "Authentication", "users": "Users"}


def documented(
    operation_id: str,
    summary: str,
    description: str,
    *,
    query: type[serializers.Serializer] | None = None,
    takes: type[serializers.Serializer] | None = None,
    answers: dict[int, type[serializers.Serializer] | openapi.Schema | None],
    fails: tuple[int, ...] = (),
    public: bool = False,
) -> Callable:
    """Describe an operation: what it takes, what it answers with which status, how it fails.

    Failures that follow from the rest (400 and 415 of what is taken, 401 without a login, 429,
    503) need not be named.
    """
    failures = {429, 503, *fails} | (set() if public else {401})
    failures |= ({400} if query or takes else set()) | ({415} if takes else set())
    responses = {status: openapi.Response(summary, answer) for status, answer in answers.items()}
    return swagger_auto_schema(
        operation_id=operation_id,
        operation_summary=summary,
        operation_description=description,
        query_serializer=query,
        request_body=takes,
        responses=responses | {status: ERRORS[status] for status in sorted(failures)},
        tags=[TAGS.get(operation_id.partition("_")[0], "Lists")],
        security=[] if public else [{"Bearer": []}],
    )
