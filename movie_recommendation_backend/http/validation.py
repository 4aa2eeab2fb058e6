"""Validate a request's query and body with a serializer."""

from collections.abc import Callable
from functools import cache
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import Serializer


def validated_query(accepts: type[Serializer], request: Request) -> dict[str, Any]:
    """Return the validated query parameters. Raise ValidationError."""
    given = request.query_params.dict()
    serializer = shared(accepts)
    # Django replaces bytes that are not UTF-8, including lone surrogates, by U+FFFD.
    damaged = [name for name in given.keys() & serializer.fields.keys() if "\ufffd" in given[name]]
    if damaged:
        raise ValidationError({name: ["Not valid UTF-8."] for name in damaged})
    return serializer.run_validation(given)


def validated_body(accepts: Callable[..., Serializer], request: Request) -> dict[str, Any]:
    """Return the validated body. Raise ValidationError."""
    serializer = accepts(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@cache
def shared(accepts: type[Serializer]) -> Serializer:
    """Return a serializer for all requests, because it takes long to make its fields.

    `run_validation` keeps no state in the serializer or its fields.
    """
    return accepts()
