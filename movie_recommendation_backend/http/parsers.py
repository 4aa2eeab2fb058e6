"""JSON bodies from strangers."""

from io import BytesIO

from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """Refuse what would end in a crash: bodies without an end, and brackets without one.

    `body` raises RequestDataTooBig beyond DATA_UPLOAD_MAX_MEMORY_SIZE; the stream has no limit.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        body = parser_context["request"]._request.body
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
