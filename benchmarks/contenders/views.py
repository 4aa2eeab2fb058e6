"""Views that send the document in the usual ways."""

import json

from django.core.cache import cache
from django.http import HttpResponse
from django.views.decorators.cache import cache_page
from rest_framework.response import Response
from rest_framework.views import APIView

from . import document

BODY = document()
LIFETIME = 6 * 3600  # seconds


def bare(request):
    return HttpResponse(BODY, content_type="application/json")


class RenderedView(APIView):
    authentication_classes = []

    def get(self, request):
        return Response(json.loads(BODY))


# Around the whole view, so that a hit does not even reach DRF.
cached_page = cache_page(LIFETIME)(RenderedView.as_view())


class CachedObjectView(APIView):
    authentication_classes = []

    def get(self, request):
        movies = cache.get("movies")
        if movies is None:
            cache.set("movies", movies := json.loads(BODY), LIFETIME)
        return Response(movies)
