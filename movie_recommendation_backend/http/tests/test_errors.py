"""One error shape for every status, path and mode."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.test import Client
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend import urls
from movie_recommendation_backend.http import errors
from movie_recommendation_backend.http.errors import ServiceUnavailable
from movies.api import views

# Returns the 500 response of a crash instead of raising the exception.
CRASHING = Client(raise_request_exception=False)

RAISED = {
    "crash": RuntimeError("secret detail"),
    "missing": Http404("secret detail"),
    "forbidden": PermissionDenied("secret detail"),
    "suspicious": SuspiciousOperation("secret detail"),
    "invalid": DjangoValidationError({"name": ["Too short."]}),
    "unavailable": ServiceUnavailable("Away.", wait=0.2),
}
STATUSES = {
    "crash": 500,
    "missing": 404,
    "forbidden": 403,
    "suspicious": 400,
    "invalid": 400,
    "unavailable": 503,
}


class Raising(APIView):
    authentication_classes = []
    permission_classes = []

    def get(self, request, name):
        raise RAISED[name]

    def post(self, request, name):
        return Response(request.data)


def plain(request, name):
    raise RAISED[name]


class URLConf:
    urlpatterns = [
        path("api/drf/<name>/", Raising.as_view()),
        path("plain/<name>/", plain),
        *urls.urlpatterns,
    ]
    handler400 = errors.bad_request
    handler403 = errors.permission_denied
    handler404 = errors.not_found
    handler500 = errors.server_error


@pytest.fixture(params=[False, True], ids=["", "DEBUG"])
def any_mode(request, settings):
    settings.DEBUG = request.param
    settings.ROOT_URLCONF = URLConf


def assert_error(response, status: int, code: str | None = None) -> None:
    kind = "server_error" if status >= 500 else "client_error"
    kind = "validation_error" if status == 400 else kind
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body.keys() == {"type", "errors"}
    assert body["type"] == kind
    for error in body["errors"]:
        assert error.keys() == {"code", "detail", "attr"}
    if code:
        assert [error["code"] for error in body["errors"]] == [code]
    assert response["X-Request-ID"]
    assert "secret detail" not in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize(
    "unknown",
    ["/nothing/here", "/api/", "/api/nothing/", "/api/movies/x/y/z/", "/api/health/", "/%00"],
)
def test_an_unknown_path_is_a_404(any_mode, unknown, method):
    client = Client(enforce_csrf_checks=True)
    assert_error(getattr(client, method)(unknown), 404, "not_found")


@pytest.mark.parametrize("name", ["crash", "missing", "forbidden", "suspicious", "unavailable"])
def test_exceptions_in_drf_views_have_the_error_shape(any_mode, name):
    status = STATUSES[name]
    assert_error(CRASHING.get(f"/api/drf/{name}/"), status)


@pytest.mark.parametrize("name", ["crash", "missing", "forbidden", "suspicious"])
def test_exceptions_in_plain_views_have_the_error_shape(any_mode, name):
    status = STATUSES[name]
    assert_error(CRASHING.get(f"/plain/{name}/"), status)


def test_djangos_validation_error_is_a_400(any_mode):
    response = Client().get("/api/drf/invalid/")
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"code": "invalid", "detail": "Too short.", "attr": "name"}
    ]


def test_a_crash_is_logged_with_its_traceback(any_mode, caplog):
    for path_ in ("/api/drf/crash/", "/plain/crash/"):
        caplog.clear()
        CRASHING.get(path_)
        assert any(record.exc_info for record in caplog.records)


def test_a_503_has_retry_after(any_mode, client):
    assert client.get("/api/drf/unavailable/")["Retry-After"] == "1"


def test_an_unknown_host_is_rejected(any_mode):
    response = Client().get("/api/movies/genres/", headers={"host": "evil.example"})
    assert_error(response, 400, "bad_request")


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/", "/api/schema.yaml"])
def test_the_documentation_rejects_post_in_the_error_shape(any_mode, client, path):
    assert_error(client.post(path), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/?next=%00", "/admin/movies/movie/?q=%00"]
)
def test_nul_in_the_admins_cookies_and_queries_is_rejected(any_mode, db, client, path):
    client.cookies["sessionid"] = "abcdefgh\x00ijkl"
    assert_error(client.get(path), 400, "bad_request")


def test_a_missing_csrf_token_is_rejected_in_the_error_shape(any_mode, db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert_error(response, 403, "csrf_failed")


def test_thousands_of_parameters_are_a_400(any_mode):
    query = "&".join(f"a{n}=1" for n in range(2000))
    response = Client().get(f"/api/movies/genres/?{query}")
    assert_error(response, 400, "bad_request")


def test_an_unsupported_body_is_a_415(any_mode, client):
    response = client.post("/api/drf/crash/", b"<x/>", content_type="application/xml")
    assert_error(response, 415, "unsupported_media_type")
    response = client.post("/api/drf/crash/", b"{", content_type="application/json")
    assert_error(response, 400, "parse_error")


def test_every_origin_may_read_a_crash_in_the_catalogue(monkeypatch):
    def crash(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views, "page", crash)
    response = Client(raise_request_exception=False).get("/api/movies/trending/")
    assert response.status_code == 500
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
