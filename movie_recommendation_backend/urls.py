"""Every path of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_yasg.views import get_schema_view

from .errors import not_found

description = get_schema_view(public=True)

urlpatterns = [
    path("api/", include("movies.urls")),
    path("api/docs/", description.with_ui("swagger"), name="docs"),
    path("api/redoc/", description.with_ui("redoc"), name="redoc"),
    re_path(r"^api/schema\.(?P<format>json|yaml)$", description.without_ui(), name="schema"),
    path("admin/", admin.site.urls),
    # Django's own 404 is an HTML page, and with DEBUG another one.
    re_path(r"", not_found),
]

handler400 = "movie_recommendation_backend.errors.bad_request"
handler403 = "movie_recommendation_backend.errors.permission_denied"
handler404 = "movie_recommendation_backend.errors.not_found"
handler500 = "movie_recommendation_backend.errors.server_error"
