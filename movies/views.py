"""The catalogue over HTTP: public, the same for everybody, read only."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.viewsets import ViewSet

from movie_recommendation_backend.http.throttling import client_address
from movie_recommendation_backend.http.validation import validated_query
from movie_recommendation_backend.openapi import CACHED, documented

from . import catalogue, parameters, serializers
from .api.http_caching import catalogue_unavailable, redirect, respond
from .cache.single_flight import Answer
from .limits import ClientLimited, charged_to
from .services.exceptions import TMDbError

MoviePage = serializers.MoviePageSerializer

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


def described(name: str, accepts: type, answer: type = MoviePage, *fails: int) -> Callable:
    """Describe the operation `name` from the OPERATIONS table."""
    return documented(
        f"movies_{name}",
        *OPERATIONS[name],
        query=accepts,
        answers={200: answer},
        headers=CACHED,
        fails=fails,
        public=True,
    )


class CatalogueMixin:
    """For public views that answer what is kept: no token is looked at.

    Nobody is charged for what the cache answers; `charged_to` charges what goes upstream.
    """

    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def dispatch(self, request, *args, **kwargs):
        with charged_to("anon", client_address(request)):
            return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc):
        if isinstance(exc, ClientLimited):
            exc = Throttled(exc.retry_after)
        elif isinstance(exc, TMDbError):
            exc = catalogue_unavailable(exc)
        return super().handle_exception(exc)


class MovieViewSet(CatalogueMixin, ViewSet):
    """The catalogue. Each action validates, asks `catalogue` and answers."""

    lookup_field = "movie_id"
    lookup_value_regex = rf"{parameters.MOVIE_ID}|tt[0-9]{{7,9}}"

    @described("trending", parameters.TrendingParameters)
    @action(detail=False)
    def trending(self, request):
        return self.answer(parameters.TrendingParameters, catalogue.trending)

    @described("popular", parameters.ChartParameters)
    @action(detail=False)
    def popular(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "popular")

    @described("top_rated", parameters.ChartParameters)
    @action(detail=False, url_path="top-rated")
    def top_rated(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "top-rated")

    @described("now_playing", parameters.ChartParameters)
    @action(detail=False, url_path="now-playing")
    def now_playing(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "now-playing")

    @described("upcoming", parameters.ChartParameters)
    @action(detail=False)
    def upcoming(self, request):
        return self.answer(parameters.ChartParameters, catalogue.chart, "upcoming")

    @described("search", parameters.SearchParameters)
    @action(detail=False)
    def search(self, request):
        return self.answer(parameters.SearchParameters, catalogue.search)

    @described("discover", parameters.DiscoverParameters)
    @action(detail=False)
    def discover(self, request):
        return self.answer(parameters.DiscoverParameters, catalogue.discover)

    @described("genres", parameters.LanguageParameters, serializers.GenreListSerializer)
    @action(detail=False)
    def genres(self, request):
        return self.answer(parameters.LanguageParameters, catalogue.genres)

    @described("retrieve", parameters.DetailParameters, serializers.MovieDetailSerializer, 404)
    def retrieve(self, request, movie_id: str):
        if movie_id.startswith("tt"):
            return self.redirect_to_film(movie_id, parameters.DetailParameters)
        return self.answer(
            parameters.DetailParameters, catalogue.movie, parameters.movie_id_of(movie_id)
        )

    @described("recommendations", parameters.PageParameters, MoviePage, 404)
    @action(detail=True)
    def recommendations(self, request, movie_id: str):
        return self.related(movie_id, "recommendations")

    @described("similar", parameters.PageParameters, MoviePage, 404)
    @action(detail=True)
    def similar(self, request, movie_id: str):
        return self.related(movie_id, "similar")

    def related(self, movie_id: str, kind: str) -> HttpResponse:
        if movie_id.startswith("tt"):
            return self.redirect_to_film(movie_id, parameters.PageParameters)
        return self.answer(
            parameters.PageParameters, catalogue.related, kind, parameters.movie_id_of(movie_id)
        )

    def answer(self, accepts: type, question: Callable[..., Answer], *about) -> HttpResponse:
        """Ask `question` about a thing with the request's parameters, and answer over HTTP."""
        return respond(self.request, question(*about, **validated_query(accepts, self.request)))

    def redirect_to_film(self, imdb_id: str, accepts: type) -> HttpResponse:
        """Redirect from an IMDb id to the film's own address, the query kept."""
        language = validated_query(accepts, self.request)["language"]
        found = catalogue.movie_by_imdb_id(imdb_id, language=language)
        if found.document.status != 200:
            return respond(self.request, found)
        name = "detail" if self.action == "retrieve" else self.action
        location = reverse(f"movies-{name}", kwargs={"movie_id": found.document.json()["id"]})
        query = self.request.META["QUERY_STRING"]
        return redirect(found, f"{location}?{query}" if query else location)
