"""The account endpoints. Each validates, calls `accounts` or `tokens`, and answers."""

from collections.abc import Callable

from drf_yasg import openapi
from drf_yasg.utils import swagger_auto_schema
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from movie_recommendation_backend.openapi import errors


def validated(serializer: type[Serializer], request: Request, **kwargs) -> dict:
    """Return the body as `serializer` has it; raise its ValidationError."""
    given = serializer(data=request.data, **kwargs)
    given.is_valid(raise_exception=True)
    return given.validated_data


def documented(
    operation_id: str,
    summary: str,
    description: str,
    *,
    takes: type[Serializer] | None = None,
    answers: tuple[int, type[Serializer] | None],
    fails: tuple[int, ...] = (),
    public: bool = False,
) -> Callable:
    """Describe an operation: what it takes, what it answers with which status, how it fails."""
    status, serializer = answers
    statuses = {*fails, 429, 503} | ({400, 415} if takes else set()) | (set() if public else {401})
    group = operation_id.partition("_")[0]
    return swagger_auto_schema(
        operation_id=operation_id,
        operation_summary=summary,
        operation_description=description,
        request_body=takes,
        responses={status: openapi.Response(summary, serializer)} | errors(*sorted(statuses)),
        tags=[{"auth": "Authentication"}.get(group, "Users")],
        security=[] if public else [{"Bearer": []}],
    )
