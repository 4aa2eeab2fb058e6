"""The headers that caching and CORS policy ask of every answer, and optional slashes."""

import re

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from .errors import bad_request, not_found

CATALOGUE = re.compile(settings.CATALOGUE_PATHS)
# Nothing here needs a device, or takes part in advertising.
PERMISSIONS_POLICY = "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=()"
# Cacheable by their own rules: pages for developers, and files.
SHARED = re.compile(r"^/(api/(docs|redoc)/$|api/schema\.(json|yaml)$|static/)")


class PolicyHeadersMiddleware:
    """Set what each part of the site says to browsers and shared caches, errors included.

    The catalogue is public and the same for everybody; everything else is personal.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        catalogue = CATALOGUE.match(request.path_info)
        preflight = catalogue and request.method == "OPTIONS"
        response = HttpResponse(status=204) if preflight else self.get_response(request)
        if catalogue:
            self.open_to_every_origin(response)
        elif not SHARED.match(request.path_info):
            response["Cache-Control"] = "private, no-store"
        if response.status_code == 304:
            # CommonMiddleware makes it 0, which would be the length of the answer itself.
            del response["Content-Length"]
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        # Health answers before the middleware that says it otherwise.
        response["X-Content-Type-Options"] = "nosniff"
        response["Access-Control-Expose-Headers"] = ", ".join(settings.CORS_EXPOSE_HEADERS)
        if preflight:
            response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = ", ".join(settings.CORS_ALLOW_HEADERS)
            response["Access-Control-Max-Age"] = "86400"
        return response

    @staticmethod
    def open_to_every_origin(response: HttpResponse) -> None:
        # Django's session and CSRF middleware answer a damaged cookie with a new one.
        response.cookies.clear()
        response["Access-Control-Allow-Origin"] = "*"
        response["Vary"] = "Accept-Encoding"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"


class OptionalSlashMiddleware:
    """Serve a path that leads nowhere, but would with a slash at its end, as if it had it.

    Both paths are set before routing, so that every method works and no body is lost. Under
    /admin/ the slash is always added: the admin's catch-all takes every path as it stands.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            # Django checks the host only where something asks for it.
            request.get_host()
        except DisallowedHost:
            return bad_request(request)
        path = request.path_info
        if path.startswith("/admin") and has_nul(request):
            return bad_request(request)
        if not path.endswith("/") and (path.startswith("/admin/") or not leads_somewhere(path)):
            if leads_somewhere(path + "/"):
                request.path_info += "/"
                request.path += "/"
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    """Say whether a cookie or the query has a NUL, which PostgreSQL takes in no comparison.

    The API refuses it field by field; sessions and the admin's filters do not.
    """
    cookies = "".join(request.COOKIES.values())
    return "\x00" in cookies or "%00" in request.META.get("QUERY_STRING", "")


def leads_somewhere(path: str) -> bool:
    """Say whether a view of ours answers `path`."""
    try:
        return resolve(path).func is not not_found
    except Resolver404:
        return False
