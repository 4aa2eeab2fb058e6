"""Validate a request's query and body with a serializer."""

from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import Serializer


def validated_query(accepts: type[Serializer], request: Request) -> dict[str, Any]:
    """Return the validated query parameters. Raise ValidationError."""
    given = request.query_params.dict()
    # Django replaces bytes that are not UTF-8, including lone surrogates, by U+FFFD.
    damaged = [name for name in accepts().get_fields() if "\ufffd" in given.get(name, "")]
    if damaged:
        raise ValidationError({name: ["Not valid UTF-8."] for name in damaged})
    return _validated(accepts(data=given))


def validated_body(accepts: Callable[..., Serializer], request: Request) -> dict[str, Any]:
    """Return the validated body. Raise ValidationError."""
    return _validated(accepts(data=request.data))


def _validated(serializer: Serializer) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
