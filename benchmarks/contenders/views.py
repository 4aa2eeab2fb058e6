"""Views that send the document in the usual ways."""

import json

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from rest_framework.response import Response
from rest_framework.views import APIView

from . import document

BODY = document()
LIFETIME = 6 * 3600  # seconds


def bare(request):
    return HttpResponse(BODY, content_type="application/json")


@method_decorator(cache_page(LIFETIME), name="get")
class CachePageView(APIView):
    authentication_classes = []

    def get(self, request):
        return Response(json.loads(BODY))


class CachedObjectView(APIView):
    authentication_classes = []

    def get(self, request):
        movies = cache.get("movies")
        if movies is None:
            cache.set("movies", movies := json.loads(BODY), LIFETIME)
        return Response(movies)
