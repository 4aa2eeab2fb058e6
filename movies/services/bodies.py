"""The bodies of TMDb's answers: read within bounds, decompressed, parsed."""

import json
import zlib

from requests import Response

from .exceptions import TMDbBadResponse

LARGEST_BODY = 10 * 1024 * 1024  # bytes, before and after decompression
CHUNK = 64 * 1024


def read_body(response: Response) -> bytes:
    """Return the plain body of a streamed response.

    Gzip is recognised by its first bytes, not by the header: TMDb has sent compressed bodies
    without Content-Encoding, and the header without compression.

    Raises TMDbBadResponse for a body over LARGEST_BODY and for broken gzip.
    """
    body = bytearray()
    # read1 returns what has arrived; read would wait for a whole chunk, forever if it trickles.
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TMDbBadResponse("The body is larger than 10 MB.")
    return gunzip(bytes(body)) if body[:2] == b"\x1f\x8b" else bytes(body)


def gunzip(body: bytes) -> bytes:
    """Decompress `body` to at most LARGEST_BODY bytes. Raises TMDbBadResponse."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(body, LARGEST_BODY + 1)
    except zlib.error:
        raise TMDbBadResponse("The body's gzip is broken.") from None
    if not inflater.eof or len(plain) > LARGEST_BODY:
        raise TMDbBadResponse("The body's gzip is cut off or unpacks to more than 10 MB.")
    return plain


def parse_object(body: bytes) -> dict:
    """Parse a JSON object. Raises TMDbBadResponse for anything else, NaN included."""
    try:
        parsed = json.loads(body, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise TMDbBadResponse("The body is not JSON.") from None
    if not isinstance(parsed, dict):
        raise TMDbBadResponse("The body is not a JSON object.")
    return parsed


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def status_code(body: bytes) -> int | None:
    """Return TMDb's own `status_code` in an error body, or None."""
    try:
        code = parse_object(body).get("status_code")
    except TMDbBadResponse:
        return None
    return code if isinstance(code, int) else None
