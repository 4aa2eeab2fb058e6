"""Pages for developers: the first one, Swagger UI, ReDoc, and the description that they show."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.csrf import csrf_exempt
from drf_yasg.codecs import yaml_dump
from drf_yasg.renderers import ReDocRenderer, SwaggerUIRenderer
from drf_yasg.views import get_schema_view
from rest_framework.views import APIView

from .http.errors import error_response
from .openapi.generator import SchemaGenerator
from .openapi.info import API_INFO

# Stand in the kept description for what depends on the request.
HOST, SCHEME = "HOST-OF-THE-REQUEST", "SCHEME-OF-THE-REQUEST"


class SwaggerPage(SwaggerUIRenderer):
    template = "docs/swagger-ui.html"


class ReDocPage(ReDocRenderer):
    template = "docs/redoc.html"


# Public: no token is looked at, and nobody is charged.
Page = get_schema_view(public=True, authentication_classes=[], permission_classes=[])
swagger_ui = Page.as_view(renderer_classes=[SwaggerPage], throttle_classes=[])
redoc = Page.as_view(renderer_classes=[ReDocPage], throttle_classes=[])


class SchemaView(APIView):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    schema = None  # not described itself

    def get(self, request, extension: str):
        body = description(extension)
        body = body.replace(HOST, request.get_host()).replace(SCHEME, request.scheme)
        response = HttpResponse(body, content_type=f"application/{extension}; charset=utf-8")
        set_response_etag(response)
        return get_conditional_response(request._request, response["ETag"], response=response)


@cache
def description(extension: str) -> str:
    """Return the description as `json` or `yaml`; to make it takes a tenth of a second."""
    generator = SchemaGenerator(API_INFO, url="https://films.example")
    swagger = generator.get_schema(public=True).as_dict() | {"host": HOST, "schemes": [SCHEME]}
    if extension == "json":
        return json.dumps(swagger, ensure_ascii=False)
    # In quotes: an IPv6 address would begin a list.
    return yaml_dump(swagger, binary=True).decode().replace(HOST, f'"{HOST}"')


@csrf_exempt
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the documentation: a page, or JSON for who prefers it."""
    if request.method not in ("GET", "HEAD"):
        response = error_response(405, "method_not_allowed", "Only GET is answered here.")
        response["Allow"] = "GET, HEAD"
        return response
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        doors = {
            "docs": reverse("docs"),
            "redoc": reverse("redoc"),
            "schema": reverse("schema", kwargs={"extension": "json"}),
        }
        links = {name: request.build_absolute_uri(door) for name, door in doors.items()}
        response = JsonResponse({"name": "Movie Recommendation Backend"} | links)
    else:
        response = render(request, "home.html")
    response["Vary"] = "Accept"
    return response
