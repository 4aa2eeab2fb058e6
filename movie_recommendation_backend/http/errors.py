"""One error shape for every status, path and mode.

    {"type": "validation_error|client_error|server_error", "errors": [{"code", "detail", "attr"}]}

Every 400 is a `validation_error`, also where no field is at fault: one status, one `type`.

DRF's views get it from drf-standardized-errors; the rest of Django (unknown paths, refused
hosts, crashes outside DRF) from the views and the middleware below, with DEBUG on too.
"""

import logging
from math import ceil

from django.core import signals
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from drf_standardized_errors.handler import ExceptionHandler as StandardizedExceptionHandler
from rest_framework import exceptions
from rest_framework.fields import get_error_detail

logger = logging.getLogger(__name__)

MALFORMED_REQUEST = (BadRequest, SuspiciousOperation, UnreadablePostError)
DATABASE_AWAY = (InterfaceError, OperationalError)


class ServiceUnavailable(exceptions.APIException):
    """503, with the seconds after which a client may try again in `Retry-After`."""

    status_code = 503
    default_code = "service_unavailable"
    default_detail = "The service is unavailable for the moment."

    def __init__(self, detail: str | None = None, code: str | None = None, wait: float = 10):
        super().__init__(detail, code)
        self.wait = max(1, ceil(wait))


class ExceptionHandler(StandardizedExceptionHandler):
    """Take what Django raises at a client's mistake for the client's mistake."""

    def convert_known_exceptions(self, exc):
        if isinstance(exc, DjangoValidationError):
            return exceptions.ValidationError(detail=get_error_detail(exc))
        if isinstance(exc, MALFORMED_REQUEST):
            return exceptions.ValidationError("The request is malformed.", "bad_request")
        if isinstance(exc, exceptions.ParseError):
            return exceptions.ValidationError(exc.detail, exc.detail.code)
        if isinstance(exc, DATABASE_AWAY):
            logger.error("The database is away: %s", type(exc).__name__, exc_info=exc)
            return ServiceUnavailable("The database cannot be reached for the moment.")
        return super().convert_known_exceptions(exc)

    def report_exception(self, exc, response):
        # A 503 says that something else is away; it is no crash of ours.
        if response.status_code == 500:
            super().report_exception(exc, response)
        elif response.status_code > 500:
            logger.warning("%s: %s", response.status_code, exc.detail)


def error_body(kind: str, code: str, detail: str) -> dict:
    """Return the error shape with one error; `kind` is its `type`."""
    return {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}


def error_response(status: int, code: str, detail: str) -> JsonResponse:
    """Return an error outside DRF."""
    kind = "server_error" if status >= 500 else "client_error"
    kind = "validation_error" if status == 400 else kind
    return JsonResponse(error_body(kind, code, detail), status=status)


# A POST to an unknown path is a 404 like any other, not a matter of CSRF.
@csrf_exempt
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return error_response(404, "not_found", "Not found.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return error_response(400, "bad_request", "The request is malformed.")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return error_response(403, "permission_denied", "You may not do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    return error_response(403, "csrf_failed", "The CSRF check failed.")


def server_error(request: HttpRequest) -> JsonResponse:
    return error_response(500, "error", "Something went wrong on our side.")


class JsonErrorsMiddleware:
    """Answer what a view outside DRF raises, before Django's HTML pages of DEBUG can."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> JsonResponse:
        if isinstance(exception, Http404):
            return not_found(request)
        if isinstance(exception, PermissionDenied):
            return permission_denied(request)
        if isinstance(exception, MALFORMED_REQUEST):
            return bad_request(request)
        if isinstance(exception, exceptions.Throttled):
            response = error_response(429, "throttled", str(exception.detail))
            response["Retry-After"] = str(exception.wait)
            return response
        signals.got_request_exception.send(sender=self.__class__, request=request)
        logger.error("Unhandled %s", type(exception).__name__, exc_info=exception)
        return server_error(request)
