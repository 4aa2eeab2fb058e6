"""HTTP responses with caching headers for browsers and shared caches (RFC 9110, 9111, 9211)."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from movie_recommendation_backend.http.errors import ServiceUnavailable
from movies.cache import documents
from movies.cache.answers import Answer, Source
from movies.cache.documents import Document
from movies.load import LoadFailed

STALE_WHILE_REVALIDATE = 600  # seconds
# The coding and weight of an element of Accept-Encoding.
CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def respond(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Return the answer as a response: a 304 without a body, or gzipped, or plain."""
    document = answer.document
    headers = caching_headers(answer)
    if (
        "ETag" in headers
        and document.status == 200
        and matches(request.headers.get("If-None-Match", ""), document)
    ):
        response = HttpResponse(status=304, headers=headers)
        del response["Content-Type"]
        return response
    body = document.body
    if accepts_gzip(request.headers.get("Accept-Encoding", "")):
        body = document.gzipped
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    headers["Content-Type"] = "application/json"
    return HttpResponse(body, status=document.status, headers=headers)


def redirect(answer: Answer, location: str) -> HttpResponse:
    """Return a permanent redirect to `location`, with the caching headers of the answer."""
    headers = caching_headers(answer)
    headers.pop("ETag", None)
    response = HttpResponse(status=308, headers=headers | {"Location": location})
    del response["Content-Type"]
    return response


def caching_headers(answer: Answer) -> dict[str, str]:
    """Return the Cache-Control, the Cache-Status and, if the answer was kept, the ETag."""
    document, source = answer.document, answer.source
    if source in (Source.DATABASE, Source.UNSTORED):
        detail = "; detail=database" if source is Source.DATABASE else ""
        return {"Cache-Control": "no-store", "Cache-Status": f"catalogue; fwd=miss{detail}"}
    fresh_for = int(document.seconds_fresh)
    if source is Source.STORED:
        status = "catalogue; fwd=miss; stored"
    else:
        # A document that became stale less than a second ago must not have a `ttl` of 0.
        status = f"catalogue; hit; ttl={fresh_for if document.seconds_fresh > 0 else fresh_for - 1}"
    control = f"public, max-age={max(0, fresh_for)}"
    if document.status == 200:
        kept_for = max(0, int(document.kept_until - documents.now()))
        control += f", stale-while-revalidate={STALE_WHILE_REVALIDATE}, stale-if-error={kept_for}"
    return {"ETag": document.etag, "Cache-Control": control, "Cache-Status": status}


def matches(if_none_match: str, document: Document) -> bool:
    """Return whether If-None-Match contains the document's ETag.

    The comparison is weak (RFC 9110, 8.8.3.2): plain and gzipped responses have the same ETag.
    """
    opaque = document.etag.removeprefix("W/")
    return any(tag == "*" or tag.removeprefix("W/") == opaque for tag in parse_etags(if_none_match))


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether a client accepts gzip (RFC 9110, 12.5.3)."""
    weights = {}
    for element in accept_encoding.lower().split(","):
        if match := CODING.fullmatch(element):
            weights[match[1]] = float(match[2] or 1)
    return weights.get("gzip", weights.get("*", 0)) > 0


def catalogue_unavailable(error: LoadFailed) -> ServiceUnavailable:
    """Return the 503 for a question that nothing could answer."""
    detail = "The movie catalogue is temporarily unavailable."
    return ServiceUnavailable(detail, "catalogue_unavailable", error.retry_after or 10)
