"""Caching, CORS and security headers for every response, and optional trailing slashes."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from .errors import bad_request, not_found
from .pages_only import is_page

CATALOGUE = re.compile(settings.CATALOGUE_PATHS)
ALWAYS = {
    # The site uses no device features and takes part in no advertising.
    "Permissions-Policy": (
        "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=()"
    ),
    # SecurityMiddleware sets this too, but HealthMiddleware answers before it.
    "X-Content-Type-Options": "nosniff",
}
PUBLIC = {"Access-Control-Allow-Origin": "*", "Vary": "Accept-Encoding"}
PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Max-Age": "86400",
}
NOT_A_PAGE = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
# The documentation, the schema and static files set their own Cache-Control.
SHARED = re.compile(r"^/(api/(docs|redoc)/?$|api/schema\.(json|yaml)$|static/)")


class PolicyHeadersMiddleware:
    """Set the headers that tell browsers and shared caches what they may do, on errors too.

    The catalogue is public and the same for everybody. Everything else is private.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        expose = {"Access-Control-Expose-Headers": ", ".join(settings.CORS_EXPOSE_HEADERS)}
        self.always = ALWAYS | expose
        self.preflight = PREFLIGHT | {
            "Access-Control-Allow-Headers": ", ".join(settings.CORS_ALLOW_HEADERS)
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        is_catalogue = CATALOGUE.match(path)
        is_preflight = is_catalogue and request.method == "OPTIONS"
        response = HttpResponse(status=204) if is_preflight else self.get_response(request)
        headers = dict(self.always)
        if is_catalogue:
            # Shared responses must not set cookies.
            response.cookies.clear()
            headers |= PUBLIC
            if not response.has_header("Cache-Control"):
                headers["Cache-Control"] = "no-store"
        elif not SHARED.match(path):
            headers["Cache-Control"] = "private, no-store"
        if not is_catalogue and not is_page(path):
            headers |= NOT_A_PAGE
        if is_preflight:
            headers |= self.preflight
        if response.status_code == 304:
            # CommonMiddleware sets 0, but in a 304 this header is the length of the full body.
            del response["Content-Length"]
        for name, value in headers.items():
            response[name] = value
        return response


class OptionalSlashMiddleware:
    """Serve a path without its trailing slash as if it had one, without a redirect.

    The paths are changed before routing, so this works for every method and keeps the body. Below
    /admin/ the slash is always added, because the admin's catch-all matches every path.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            # Django validates the host only when it is first read.
            request.get_host()
        except DisallowedHost:
            return bad_request(request)
        path = request.path_info
        if path.startswith("/admin") and has_nul(request):
            return bad_request(request)
        if not path.endswith("/") and (path.startswith("/admin/") or not is_routed(path)):
            if is_routed(path + "/"):
                request.path_info += "/"
                request.path += "/"
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    """Return whether a cookie or the query contains NUL, which PostgreSQL does not accept.

    The API's serializers reject it field by field; sessions and the admin's filters do not.
    """
    cookies = "".join(request.COOKIES.values())
    return "\x00" in cookies or "%00" in request.META.get("QUERY_STRING", "")


def is_routed(path: str) -> bool:
    """Return whether a view other than `not_found` serves `path`."""
    try:
        return resolve(path).func is not not_found
    except Resolver404:
        return False
