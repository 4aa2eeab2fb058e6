"""Pages for developers: the first one, Swagger UI, ReDoc, and the description that they show."""

from threading import Lock

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from drf_yasg.openapi import Swagger
from drf_yasg.renderers import ReDocRenderer, SwaggerUIRenderer
from drf_yasg.views import get_schema_view

from .errors import error_response
from .openapi.generator import SchemaGenerator

# As many as there are schemes, hosts and ports that people use.
MOST_KEPT = 16

_lock = Lock()
_kept: dict[tuple, Swagger] = {}


class KeptSchemaGenerator(SchemaGenerator):
    """Makes the description once for each address that it is asked at: it takes 100 ms."""

    def get_schema(self, request=None, public=False):
        if request is None or self._gen.patterns == []:
            return super().get_schema(request, public)
        address = (request.scheme, request.get_host())
        with _lock:
            if address not in _kept:
                if len(_kept) >= MOST_KEPT:
                    _kept.clear()
                _kept[address] = super().get_schema(request, public)
            return _kept[address]


class SwaggerPage(SwaggerUIRenderer):
    template = "docs/swagger-ui.html"


class ReDocPage(ReDocRenderer):
    template = "docs/redoc.html"


class Description(
    # Public: no token is looked at.
    get_schema_view(
        public=True,
        generator_class=KeptSchemaGenerator,
        authentication_classes=[],
        permission_classes=[],
    )
):
    throttle_classes = []


schema = Description.without_ui()
swagger_ui = Description.as_view(renderer_classes=[SwaggerPage])
redoc = Description.as_view(renderer_classes=[ReDocPage])


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
            "schema": reverse("schema", kwargs={"format": "json"}),
        }
        links = {name: request.build_absolute_uri(door) for name, door in doors.items()}
        response = JsonResponse({"name": "Movie Recommendation Backend"} | links)
    else:
        response = render(request, "home.html")
    response["Vary"] = "Accept"
    return response
