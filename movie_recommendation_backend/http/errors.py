"""One error shape for every status and path, with and without DEBUG.

    {"type": "validation_error|client_error|server_error", "errors": [{"code", "detail", "attr"}]}

The type follows from the status alone: every 400 is a `validation_error`, even if no field is at
fault. In DRF's views, drf-standardized-errors produces this shape. For everything else (unknown
paths, rejected hosts, crashes outside DRF), the views and the middleware below do.
"""

import logging
from math import ceil

from django.core import signals
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import csrf_exempt
from drf_standardized_errors.handler import ExceptionHandler as StandardizedExceptionHandler
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response

logger = logging.getLogger(__name__)

MALFORMED_REQUEST = (BadRequest, SuspiciousOperation, UnreadablePostError)
DATABASE_DOWN = (InterfaceError, OperationalError)


class ServiceUnavailable(exceptions.APIException):
    """503, with the seconds to wait in `Retry-After`."""

    status_code = 503
    default_code = "service_unavailable"
    default_detail = "The service is temporarily unavailable."

    def __init__(self, detail: str | None = None, code: str | None = None, wait: float = 10):
        super().__init__(detail, code)
        self.wait = max(1, ceil(wait))


class ExceptionHandler(StandardizedExceptionHandler):
    """Map Django's client-error exceptions to 4xx, and database failures to 503."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DjangoValidationError):
            return exceptions.ValidationError(detail=get_error_detail(exc))
        if isinstance(exc, MALFORMED_REQUEST):
            return exceptions.ValidationError("The request is malformed.", "bad_request")
        if isinstance(exc, exceptions.ParseError):
            # `exc.detail` already has a code.
            return exceptions.ValidationError(exc.detail)
        if isinstance(exc, DATABASE_DOWN):
            logger.error("The database is down: %s", type(exc).__name__, exc_info=exc)
            return ServiceUnavailable("The database is temporarily unavailable.")
        return super().convert_known_exceptions(exc)

    def report_exception(self, exc: exceptions.APIException, response: Response) -> None:
        # A 503 means that another service is down, not that we crashed.
        if response.status_code == 500:
            super().report_exception(exc, response)
        elif response.status_code > 500:
            logger.warning("%s: %s", response.status_code, exc.detail)


def error_body(kind: str, code: str, detail: str) -> dict:
    """Return the error shape with one error; `kind` is its `type`."""
    return {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}


def error_response(status: int, code: str, detail: str) -> JsonResponse:
    """Return an error response for use outside DRF."""
    kind = "server_error" if status >= 500 else "client_error"
    kind = "validation_error" if status == 400 else kind
    return JsonResponse(error_body(kind, code, detail), status=status)


# A POST to an unknown path is a 404, not a CSRF failure.
@csrf_exempt
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return error_response(404, "not_found", "Not found.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return error_response(400, "bad_request", "The request is malformed.")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return error_response(
        403, "permission_denied", "You do not have permission to perform this action."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    return error_response(403, "csrf_failed", "CSRF verification failed.")


def server_error(request: HttpRequest) -> JsonResponse:
    return error_response(500, "error", "A server error occurred.")


class JsonErrorsMiddleware(MiddlewareMixin):
    """Answer exceptions of views outside DRF, in place of Django's HTML pages."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> JsonResponse:
        if isinstance(exception, Http404):
            return not_found(request)
        if isinstance(exception, PermissionDenied):
            return permission_denied(request)
        if isinstance(exception, MALFORMED_REQUEST):
            return bad_request(request)
        if isinstance(exception, exceptions.Throttled):
            response = error_response(429, "throttled", str(exception.detail))
            # djangorestframework-stubs do not declare `wait`.
            response["Retry-After"] = str(exception.wait)  # type: ignore[attr-defined]
            return response
        signals.got_request_exception.send(sender=self.__class__, request=request)
        logger.error("Unhandled %s", type(exception).__name__, exc_info=exception)
        return server_error(request)
