"""Middleware for pages. The API does without it: no sessions, no cookies, only bearer tokens."""

from collections.abc import Awaitable

from csp.middleware import CSPMiddleware as DjangoCsp
from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthentication
from django.contrib.messages.middleware import MessageMiddleware as DjangoMessages
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware as DjangoCsrf
from django.utils.deprecation import MiddlewareMixin

# The pages among the API's paths.
DOCS = ("/api/docs", "/api/redoc")


def is_page(path: str) -> bool:
    return not path.startswith("/api/") or path.startswith(DOCS)


class PagesOnly(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if is_page(request.path_info):
            return super().__call__(request)
        return self.get_response(request)


class SessionMiddleware(PagesOnly, DjangoSessions):
    pass


class CsrfViewMiddleware(PagesOnly, DjangoCsrf):
    pass


class AuthenticationMiddleware(PagesOnly, DjangoAuthentication):
    pass


class MessageMiddleware(PagesOnly, DjangoMessages):
    pass


class CSPMiddleware(PagesOnly, DjangoCsp):
    pass
