"""The catalogue over HTTP: public, the same for everybody, read only."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from drf_yasg import openapi
from drf_yasg.utils import swagger_auto_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from movie_recommendation_backend.errors import ServiceUnavailable
from movie_recommendation_backend.openapi import errors

from . import catalogue, parameters, serializers
from .services.exceptions import TMDbError, TMDbNotFound
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
        responses={200: openapi.Response(summary, answer)} | errors(400, 503, *statuses),
        tags=["Movies"],
        security=[],
    )


def validated(request, accepts: type) -> dict:
    """Return the request's parameters as `accepts` has them; raise its ValidationError."""
    serializer = accepts(data=request.query_params.dict())
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class MovieViewSet(ViewSet):
    """The catalogue. Each action validates, asks `catalogue` and answers."""

    lookup_field = "movie_id"
    lookup_value_regex = r"[1-9][0-9]{0,9}|tt[0-9]{7,9}"

    def handle_exception(self, exc):
        if isinstance(exc, TMDbNotFound):
            exc = NotFound()
        elif isinstance(exc, TMDbError):
            detail = "The film catalogue cannot be reached for the moment."
            exc = ServiceUnavailable(detail, "catalogue_unavailable", exc.retry_after or 10)
        return super().handle_exception(exc)

    @documented("trending", parameters.TrendingParameters)
    @action(detail=False)
    def trending(self, request):
        asked = validated(request, parameters.TrendingParameters)
        return Response(catalogue.trending(**asked))

    @documented("popular", parameters.ChartParameters)
    @action(detail=False)
    def popular(self, request):
        return self.chart(request, "popular")

    @documented("top_rated", parameters.ChartParameters)
    @action(detail=False, url_path="top-rated")
    def top_rated(self, request):
        return self.chart(request, "top_rated")

    @documented("now_playing", parameters.ChartParameters)
    @action(detail=False, url_path="now-playing")
    def now_playing(self, request):
        return self.chart(request, "now_playing")

    @documented("upcoming", parameters.ChartParameters)
    @action(detail=False)
    def upcoming(self, request):
        return self.chart(request, "upcoming")

    def chart(self, request, name: str) -> Response:
        asked = validated(request, parameters.ChartParameters)
        return Response(catalogue.chart(name, **asked))

    @documented("search", parameters.SearchParameters)
    @action(detail=False)
    def search(self, request):
        asked = validated(request, parameters.SearchParameters)
        return Response(catalogue.search(**asked))

    @documented("discover", parameters.DiscoverParameters)
    @action(detail=False)
    def discover(self, request):
        asked = validated(request, parameters.DiscoverParameters)
        return Response(catalogue.discover(**asked))

    @documented("genres", parameters.LanguageParameters, serializers.GenreListSerializer)
    @action(detail=False)
    def genres(self, request):
        asked = validated(request, parameters.LanguageParameters)
        return Response(catalogue.genres(**asked))

    @documented("retrieve", parameters.DetailParameters, serializers.MovieDetailSerializer, 404)
    def retrieve(self, request, movie_id: str):
        asked = validated(request, parameters.DetailParameters)
        detail = catalogue.movie(tmdb_or_imdb_id(movie_id), **asked)
        return self.redirected(request, movie_id, detail["id"]) or Response(detail)

    @documented("recommendations", parameters.PageParameters, serializers.MoviePageSerializer, 404)
    @action(detail=True)
    def recommendations(self, request, movie_id: str):
        return self.related(request, movie_id, catalogue.recommendations)

    @documented("similar", parameters.PageParameters, serializers.MoviePageSerializer, 404)
    @action(detail=True)
    def similar(self, request, movie_id: str):
        return self.related(request, movie_id, catalogue.similar)

    def related(self, request, movie_id: str, question: Callable) -> Response:
        asked = validated(request, parameters.PageParameters)
        known_as = tmdb_or_imdb_id(movie_id)
        if isinstance(known_as, str):
            known_as = catalogue.movie(known_as, **validated(request, parameters.DetailParameters))[
                "id"
            ]
        return self.redirected(request, movie_id, known_as) or Response(question(known_as, **asked))

    def redirected(self, request, movie_id: str, tmdb_id: int) -> HttpResponse | None:
        """Return the redirect from an IMDb id to the film's own address, query kept."""
        if movie_id == str(tmdb_id):
            return None
        location = reverse(f"movies-{self.action_name}", kwargs={"movie_id": tmdb_id})
        query = request.META["QUERY_STRING"]
        response = HttpResponse(status=308)
        response["Location"] = f"{location}?{query}" if query else location
        del response["Content-Type"]
        return response

    @property
    def action_name(self) -> str:
        return "detail" if self.action == "retrieve" else self.action


def tmdb_or_imdb_id(raw: str) -> int | str:
    """Return the path's id; raise NotFound for one beyond TMDb's."""
    if raw.startswith("tt"):
        return raw
    if int(raw) > LARGEST_ID:
        raise NotFound()
    return int(raw)
