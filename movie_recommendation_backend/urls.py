"""Every path of the site."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from . import pages
from .errors import not_found
from .throttling import charge, client_address


def limited_admin_login(request: HttpRequest, **kwargs) -> HttpResponse:
    """The admin's login, limited by address as the API's is."""
    if request.method == "POST":
        charge("admin-login", client_address(request))
    return admin.site.login(request, **kwargs)


urlpatterns = [
    path("", pages.home),
    path("api/", include("movies.urls")),
    path("api/", include("users.urls")),
    path("api/docs/", pages.swagger_ui, name="docs"),
    path("api/redoc/", pages.redoc, name="redoc"),
    re_path(r"^api/schema\.(?P<format>json|yaml)$", pages.schema, name="schema"),
    path("admin/login/", limited_admin_login),
    path("admin/", admin.site.urls),
    # Django's own 404 is an HTML page, and with DEBUG another one.
    re_path(r"", not_found),
]

handler400 = "movie_recommendation_backend.errors.bad_request"
handler403 = "movie_recommendation_backend.errors.permission_denied"
handler404 = "movie_recommendation_backend.errors.not_found"
handler500 = "movie_recommendation_backend.errors.server_error"
