"""Rendering of JSON."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JSONRenderer(renderers.JSONRenderer):
    """Render with orjson, which takes a fraction of the time.

    What it refuses, such as numbers of more than 64 bits, is rendered by DRF. Only NaN and infinity
    are written differently: as null.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, default=JSONEncoder().default, option=OPTIONS)
        except TypeError:
            return super().render(data, accepted_media_type, renderer_context)
