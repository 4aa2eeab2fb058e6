"""All paths of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from . import admin_throttles, pages
from .http.errors import not_found

urlpatterns = [
    path("", pages.home),
    path("api/", include("movies.urls")),
    path("api/", include("users.urls")),
    path("api/", include("users.recommendations.urls")),
    path("api/docs/", pages.swagger_ui, name="docs"),
    path("api/redoc/", pages.redoc, name="redoc"),
    re_path(r"^api/schema\.(?P<extension>json|yaml)$", pages.SchemaView.as_view(), name="schema"),
    path("admin/login/", admin_throttles.login),
    path("admin/password_change/", admin.site.admin_view(admin_throttles.password_change)),
    path("admin/", admin.site.urls),
    # In place of Django's HTML pages for a 404, with and without DEBUG.
    re_path(r"", not_found),
]

handler400 = "movie_recommendation_backend.http.errors.bad_request"
handler403 = "movie_recommendation_backend.http.errors.permission_denied"
handler404 = "movie_recommendation_backend.http.errors.not_found"
handler500 = "movie_recommendation_backend.http.errors.server_error"
