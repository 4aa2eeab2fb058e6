"""Conditional requests and content codings (RFC 9110, sections 13 and 12.5.3)."""

import re
from functools import lru_cache

from django.utils.http import parse_etags

# The coding and weight of an element of Accept-Encoding.
CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def matches(if_none_match: str, etag: str) -> bool:
    """Return whether If-None-Match contains a document's ETag.

    The comparison is weak (RFC 9110, 8.8.3.2): plain and gzipped responses have the same ETag.
    """
    if not if_none_match or if_none_match == etag:
        return bool(if_none_match)
    opaque = etag.removeprefix("W/")
    return any(tag == "*" or tag.removeprefix("W/") == opaque for tag in parse_etags(if_none_match))


# Most requests come from a few browsers, which send the same header each time.
@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether a client accepts gzip (RFC 9110, 12.5.3)."""
    weights = {}
    for element in accept_encoding.lower().split(","):
        if match := CODING.fullmatch(element):
            weights[match[1]] = float(match[2] or 1)
    return weights.get("gzip", weights.get("*", 0)) > 0
