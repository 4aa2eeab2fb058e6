"""A request's parameters and body as a serializer has them, or the 400 that names what is wrong."""

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import Serializer


def validated_query(accepts: type[Serializer], request: Request) -> dict:
    """Return the query's parameters. Raises ValidationError."""
    given = request.query_params.dict()
    # Django puts U+FFFD in place of bytes that are no UTF-8, lone surrogates among them.
    damaged = [name for name in accepts().fields if "\ufffd" in given.get(name, "")]
    if damaged:
        raise ValidationError({name: ["This is not UTF-8."] for name in damaged})
    return _validated(accepts(data=given))


def validated_body(accepts: type[Serializer], request: Request) -> dict:
    """Return the body. Raises ValidationError."""
    return _validated(accepts(data=request.data))


def _validated(serializer: Serializer) -> dict:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
