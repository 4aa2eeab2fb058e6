"""HTTP responses with caching headers for browsers and shared caches (RFC 9110, 9111, 9211)."""

from django.http import HttpRequest, HttpResponse

from movie_recommendation_backend.http.conditional import accepts_gzip, matches
from movie_recommendation_backend.http.errors import ServiceUnavailable
from movies.cache import documents, hot
from movies.cache.answers import Answer, Source
from movies.load import LoadFailed

STALE_WHILE_REVALIDATE = 600  # seconds


def respond(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Return the answer as a response: a 304 without a body, or gzipped, or plain."""
    document = answer.document
    headers = caching_headers(answer)
    hot.offer(request.META, answer)
    if (
        "ETag" in headers
        and document.status == 200
        and matches(request.META.get("HTTP_IF_NONE_MATCH", ""), document.etag)
    ):
        response = HttpResponse(status=304, headers=headers)
        del response["Content-Type"]
        return response
    body = document.body
    if accepts_gzip(request.META.get("HTTP_ACCEPT_ENCODING", "")):
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
        # Counted from the moment at which the document becomes stale (RFC 5861).
        stale_from = max(document.fresh_until, documents.now())
        kept_for = max(0, int(document.kept_until - stale_from))
        control += f", stale-while-revalidate={STALE_WHILE_REVALIDATE}, stale-if-error={kept_for}"
    return {"ETag": document.etag, "Cache-Control": control, "Cache-Status": status}


def catalogue_unavailable(error: LoadFailed) -> ServiceUnavailable:
    """Return the 503 for a question that nothing could answer."""
    detail = "The movie catalogue is temporarily unavailable."
    return ServiceUnavailable(detail, "catalogue_unavailable", error.retry_after or 10)
