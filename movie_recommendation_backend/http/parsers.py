"""Parsing of untrusted JSON."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """Reject bodies that are too large or nested too deeply.

    The body is read through `HttpRequest.body`, which raises RequestDataTooBig above
    DATA_UPLOAD_MAX_MEMORY_SIZE. Reading the stream has no such limit.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        assert parser_context
        body = parser_context["request"]._request.body
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
