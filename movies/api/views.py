"""What all views of the catalogue share."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, re_path
from rest_framework.exceptions import MethodNotAllowed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from movie_recommendation_backend.http.throttling import client_address
from movie_recommendation_backend.http.validation import validated_query
from movie_recommendation_backend.openapi import CACHED, description
from movies.cache.answers import Answer
from movies.catalogue.pages import page
from movies.load import Load, LoadFailed
from movies.question import Question
from movies.throttles import ClientThrottled, OncePerRequest

from .http_caching import catalogue_unavailable, respond
from .summary import MoviePageSerializer


class CatalogueView(APIView):
    """A public view of cached answers, which ignores tokens.

    Answers from the cache are not throttled; `load` throttles requests to TMDb.
    """

    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.load = Load(OncePerRequest("anon", lambda: client_address(request)))

    @property
    def default_response_headers(self) -> dict[str, str]:
        # By default, `Allow` is in every response, but only a 405 needs it.
        return {}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, MethodNotAllowed):
            self.headers = super().default_response_headers
        elif isinstance(exc, ClientThrottled):
            exc = Throttled(exc.retry_after)
        elif isinstance(exc, LoadFailed):
            exc = catalogue_unavailable(exc)
        return super().handle_exception(exc)


class QuestionView(CatalogueView):
    """A view that answers a question; its docstring describes the operation.

    A subclass has a `get` for its kind of path.
    """

    question: Question
    operation_id: str
    summary: str
    answers: type[Serializer] = MoviePageSerializer
    fails: tuple[int, ...] = ()
    # The pattern of `movie_id` in the path.
    lookup_value_regex = ""

    def parameters(self) -> dict:
        return validated_query(self.question.serializer, self.request)

    def answer(self, **values: Any) -> Answer:
        """Answer for these values of the path and the query."""
        return page(self.question, self.load, **values)

    @classmethod
    def url(cls) -> URLPattern:
        """Return the URL pattern of the question's path."""
        movie_id = f"(?P<movie_id>{cls.lookup_value_regex})"
        path = cls.question.path.replace("{movie_id}", movie_id)
        return re_path(f"^{path}$", cls.as_view(), name=f"movies-{cls.question.group.name}")

    @classmethod
    def describe(cls, operation: dict) -> dict:
        """Return the operation's description for the schema."""
        return description(
            cls.operation_id,
            cls.summary,
            " ".join((cls.__doc__ or "").split()),
            query=cls.question.serializer,
            answers={200: cls.answers},
            headers=CACHED,
            fails=cls.fails,
            public=True,
        )


class ListView(QuestionView):
    """A view of a question whose path contains no id."""

    def get(self, request: Request) -> HttpResponse:
        return respond(request, self.answer(**self.parameters()))
