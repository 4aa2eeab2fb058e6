"""The catalogue over HTTP: public, the same for everybody, read only."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from drf_yasg import openapi
from drf_yasg.utils import swagger_auto_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, Throttled, ValidationError
from rest_framework.viewsets import ViewSet

from movie_recommendation_backend.errors import ServiceUnavailable
from movie_recommendation_backend.openapi import errors
from movie_recommendation_backend.throttling import client_address

from . import catalogue, parameters, serializers
from .cache.single_flight import Answer
from .http import redirect, respond
from .limits import ClientLimited, charged_to
from .services.exceptions import TMDbError
from .services.fields import LARGEST_ID

OPERATIONS = {
    "trending": ("Trending films", "What everybody watches, over the day or the week."),
    "popular": ("Popular films", "Films by TMDb's popularity of the day."),
    "top_rated": ("Top rated films", "Films by their ratings."),
    "now_playing": ("Films in cinemas", "Films that are in cinemas now."),
    "upcoming": ("Upcoming films", "Films that come to cinemas soon."),
    "search": ("Search by title", "Films by any title they are known by, also foreign ones."),
    "discover": ("Discover by filters", "Films that all given filters let through."),
    "genres": ("Genres", "The genres of films, by name."),
    "retrieve": ("A film", "All about a film. An IMDb id (`tt0133093`) redirects to its film."),
    "recommendations": ("What to watch after it", "What those who watched this film watched too."),
    "similar": ("Similar films", "Films with the same genres and keywords."),
}


def documented(
    name: str, accepts: type, answer: type = serializers.MoviePageSerializer, *statuses: int
) -> Callable:
    """Describe the operation `name` from the OPERATIONS table."""
    summary, description = OPERATIONS[name]
    return swagger_auto_schema(
        operation_id=f"movies_{name}",
        operation_summary=summary,
        operation_description=description,
        query_serializer=accepts,
        responses={200: openapi.Response(summary, answer)} | errors(400, 429, 503, *statuses),
        tags=["Movies"],
        security=[],
    )


def validated(request, accepts: type) -> dict:
    """Return the request's parameters as `accepts` has them; raise its ValidationError."""
    given = request.query_params.dict()
    # Django puts U+FFFD in place of bytes that are no UTF-8, lone surrogates among them.
    damaged = [name for name in accepts().fields if "\ufffd" in given.get(name, "")]
    if damaged:
        raise ValidationError({name: ["This is not UTF-8."] for name in damaged})
    serializer = accepts(data=given)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class MovieViewSet(ViewSet):
    """The catalogue. Each action validates, asks `catalogue` and answers.

    Nobody is charged for what the cache answers; `charged_to` charges what goes upstream.
    """

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    lookup_field = "movie_id"
    lookup_value_regex = r"[1-9][0-9]{0,9}|tt[0-9]{7,9}"

    def dispatch(self, request, *args, **kwargs):
        with charged_to(client_address(request)):
            return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc):
        if isinstance(exc, ClientLimited):
            exc = Throttled(exc.retry_after)
        elif isinstance(exc, TMDbError):
            detail = "The film catalogue cannot be reached for the moment."
            exc = ServiceUnavailable(detail, "catalogue_unavailable", exc.retry_after or 10)
        return super().handle_exception(exc)

    @documented("trending", parameters.TrendingParameters)
    @action(detail=False)
    def trending(self, request):
        return self.answer(parameters.TrendingParameters, catalogue.trending)

    @documented("popular", parameters.ChartParameters)
    @action(detail=False)
    def popular(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "popular")

    @documented("top_rated", parameters.ChartParameters)
    @action(detail=False, url_path="top-rated")
    def top_rated(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "top-rated")

    @documented("now_playing", parameters.ChartParameters)
    @action(detail=False, url_path="now-playing")
    def now_playing(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "now-playing")

    @documented("upcoming", parameters.ChartParameters)
    @action(detail=False)
    def upcoming(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "upcoming")

    @documented("search", parameters.SearchParameters)
    @action(detail=False)
    def search(self, request):
        return self.answer(parameters.SearchParameters, catalogue.search)

    @documented("discover", parameters.DiscoverParameters)
    @action(detail=False)
    def discover(self, request):
        return self.answer(parameters.DiscoverParameters, catalogue.discover)

    @documented("genres", parameters.LanguageParameters, serializers.GenreListSerializer)
    @action(detail=False)
    def genres(self, request):
        return self.answer(parameters.LanguageParameters, catalogue.genres)

    @documented("retrieve", parameters.DetailParameters, serializers.MovieDetailSerializer, 404)
    def retrieve(self, request, movie_id: str):
        if movie_id.startswith("tt"):
            return self.redirect_to_film(movie_id, parameters.DetailParameters)
        return self.answer(parameters.DetailParameters, catalogue.movie, tmdb_id(movie_id))

    @documented("recommendations", parameters.PageParameters, serializers.MoviePageSerializer, 404)
    @action(detail=True)
    def recommendations(self, request, movie_id: str):
        return self.related(movie_id, "recommendations")

    @documented("similar", parameters.PageParameters, serializers.MoviePageSerializer, 404)
    @action(detail=True)
    def similar(self, request, movie_id: str):
        return self.related(movie_id, "similar")

    def related(self, movie_id: str, kind: str) -> HttpResponse:
        if movie_id.startswith("tt"):
            return self.redirect_to_film(movie_id, parameters.PageParameters)
        return self.answer(parameters.PageParameters, catalogue.related, kind, tmdb_id(movie_id))

    def answer(self, accepts: type, question: Callable[..., Answer], *about) -> HttpResponse:
        """Ask `question` about a thing with the request's parameters, and answer over HTTP."""
        return respond(self.request, question(*about, **validated(self.request, accepts)))

    def redirect_to_film(self, imdb_id: str, accepts: type) -> HttpResponse:
        """Redirect from an IMDb id to the film's own address, the query kept."""
        language = validated(self.request, accepts)["language"]
        found = catalogue.movie_by_imdb_id(imdb_id, language=language)
        if found.document.status != 200:
            return respond(self.request, found)
        name = "detail" if self.action == "retrieve" else self.action
        location = reverse(f"movies-{name}", kwargs={"movie_id": found.document.json()["id"]})
        query = self.request.META["QUERY_STRING"]
        return redirect(found, f"{location}?{query}" if query else location)


def tmdb_id(raw: str) -> int:
    """Return the path's id; raise NotFound for one beyond TMDb's."""
    if int(raw) > LARGEST_ID:
        raise NotFound()
    return int(raw)
