"""Pages for developers: home page, Swagger UI, ReDoc, and the OpenAPI schema that they show."""

import json
from functools import cache
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.csrf import csrf_exempt
from drf_yasg.codecs import yaml_dump
from drf_yasg.renderers import ReDocRenderer, SwaggerUIRenderer
from drf_yasg.views import get_schema_view
from rest_framework.request import Request
from rest_framework.views import APIView

from .http.errors import error_response
from .openapi.generator import SchemaGenerator
from .openapi.info import API_INFO

# Placeholders in the cached schema for what depends on the request.
HOST, SCHEME = "HOST-OF-THE-REQUEST", "SCHEME-OF-THE-REQUEST"


class SwaggerPage(SwaggerUIRenderer):
    template = "docs/swagger-ui.html"


class ReDocPage(ReDocRenderer):
    template = "docs/redoc.html"


# Public: tokens are ignored, and nobody is throttled.
Page = get_schema_view(public=True, authentication_classes=[], permission_classes=[])
swagger_ui = Page.as_view(renderer_classes=[SwaggerPage], throttle_classes=[])
redoc = Page.as_view(renderer_classes=[ReDocPage], throttle_classes=[])


class SchemaView(APIView):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    schema = None  # the schema does not describe itself

    def get(self, request: Request, extension: str) -> HttpResponse:
        body = schema_text(extension)
        body = body.replace(HOST, request.get_host()).replace(SCHEME, str(request.scheme))
        response = HttpResponse(body, content_type=f"application/{extension}; charset=utf-8")
        set_response_etag(response)
        answer = get_conditional_response(request._request, response["ETag"], response=response)
        return cast(HttpResponse, answer)


@cache
def schema_text(extension: str) -> str:
    """Return the schema as `json` or `yaml`. Generating it takes a tenth of a second."""
    generator = SchemaGenerator(API_INFO, url="https://films.example")
    swagger = generator.get_schema(public=True).as_dict() | {"host": HOST, "schemes": [SCHEME]}
    if extension == "json":
        return json.dumps(swagger, ensure_ascii=False)
    # Quoted, because an unquoted IPv6 address in brackets is a list in YAML.
    return yaml_dump(swagger, binary=True).decode().replace(HOST, f'"{HOST}"')


@csrf_exempt
def home(request: HttpRequest) -> HttpResponse:
    """Link to the documentation, as a page or as JSON, whichever the client prefers."""
    if request.method not in ("GET", "HEAD"):
        refusal = error_response(405, "method_not_allowed", "Only GET is allowed.")
        refusal["Allow"] = "GET, HEAD"
        return refusal
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        paths = {
            "docs": reverse("docs"),
            "redoc": reverse("redoc"),
            "schema": reverse("schema", kwargs={"extension": "json"}),
        }
        links = {name: request.build_absolute_uri(path) for name, path in paths.items()}
        response: HttpResponse = JsonResponse({"name": "Movie Recommendation Backend"} | links)
    else:
        response = render(request, "home.html")
    response["Vary"] = "Accept"
    return response
