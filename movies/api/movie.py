"""`/api/movies/{movie_id}/`, and the lists of movies related to it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from movies import questions
from movies.cache.answers import Answer
from movies.catalogue.movie import movie, movie_by_imdb_id
from movies.parameter_fields import MOVIE_ID, movie_id_of
from movies.tmdb import IMDB_ID

from .http_caching import redirect, respond
from .summary import MovieSummarySerializer
from .views import QuestionView


class CountrySerializer(serializers.Serializer):
    code = serializers.CharField(help_text="ISO 3166-1.")
    name = serializers.CharField()


class LanguageSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="ISO 639-1, with TMDB's additions such as `cn`.")
    name = serializers.CharField()


class CollectionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    poster_url = serializers.URLField(allow_null=True)
    backdrop_url = serializers.URLField(allow_null=True)


class KeywordSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class DirectorSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    profile_url = serializers.URLField(allow_null=True)


class CastMemberSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    character = serializers.CharField(allow_null=True)
    order = serializers.IntegerField(help_text="Position in billing order, from 0.")
    profile_url = serializers.URLField(allow_null=True)


class TrailerSerializer(serializers.Serializer):
    name = serializers.CharField(allow_null=True)
    site = serializers.ChoiceField(["YouTube", "Vimeo"])
    key = serializers.CharField()
    url = serializers.URLField()
    official = serializers.BooleanField()


class ProviderSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    logo_url = serializers.URLField(allow_null=True)


class WatchProvidersSerializer(serializers.Serializer):
    link = serializers.URLField(allow_null=True)
    flatrate = ProviderSerializer(many=True)
    free = ProviderSerializer(many=True)
    ads = ProviderSerializer(many=True)
    rent = ProviderSerializer(many=True)
    buy = ProviderSerializer(many=True)


class MovieDetailSerializer(MovieSummarySerializer):
    overview_language = serializers.CharField(
        allow_null=True, help_text="The language of the overview."
    )
    tagline = serializers.CharField(allow_null=True)
    imdb_id = serializers.CharField(allow_null=True)
    runtime = serializers.IntegerField(allow_null=True, help_text="Minutes.")
    status = serializers.CharField(allow_null=True)
    homepage = serializers.URLField(allow_null=True)
    budget = serializers.IntegerField(allow_null=True, help_text="US dollars.")
    revenue = serializers.IntegerField(allow_null=True, help_text="US dollars.")
    production_countries = CountrySerializer(many=True)
    spoken_languages = LanguageSerializer(many=True)
    collection = CollectionSerializer(allow_null=True)
    keywords = KeywordSerializer(many=True)
    directors = DirectorSerializer(many=True)
    cast = CastMemberSerializer(many=True, help_text="The first 20 in billing order.")
    trailers = TrailerSerializer(
        many=True,
        help_text="In the requested language first, then in the movie's own and in English.",
    )
    certification = serializers.CharField(
        allow_null=True, help_text="The certification in `region`."
    )
    watch_providers = WatchProvidersSerializer(
        allow_null=True, help_text="The watch providers in `region`, from JustWatch."
    )


class OneMovieView(QuestionView):
    """A view of a question about one movie. An IMDb id redirects to the movie's own URL."""

    fails = (404,)
    lookup_field = "movie_id"
    lookup_value_regex = rf"{MOVIE_ID}|{IMDB_ID}"

    def get(self, request: Request, movie_id: str) -> HttpResponse:
        if movie_id.startswith("tt"):
            return self.redirect(movie_id, self.parameters()["language"])
        tmdb_id = movie_id_of(movie_id)
        return respond(request, self.answer(movie_id=tmdb_id, **self.parameters()))

    def redirect(self, imdb_id: str, language: str) -> HttpResponse:
        """Redirect from an IMDb id to the same page of its movie, keeping the query."""
        found = movie_by_imdb_id(imdb_id, self.load, language=language)
        if found.document.status != 200:
            return respond(self.request, found)
        kwargs = {"movie_id": found.document.json()["id"]}
        location = reverse(f"movies-{self.question.group.name}", kwargs=kwargs)
        query = self.request.META["QUERY_STRING"]
        return redirect(found, f"{location}?{query}" if query else location)


class MovieView(OneMovieView):
    """The details of a movie. An IMDb id (`tt0133093`) redirects to the movie."""

    question = questions.MOVIE
    operation_id = "movies_retrieve"
    summary = "A movie"
    answers = MovieDetailSerializer

    def answer(self, **values: Any) -> Answer:
        return movie(values.pop("movie_id"), self.load, **values)


class RecommendationsView(OneMovieView):
    """Movies that were also watched by people who watched this movie."""

    question = questions.RECOMMENDATIONS
    operation_id = "movies_recommendations"
    summary = "What to watch after a movie"


class SimilarView(OneMovieView):
    """Movies with the same genres and keywords."""

    question = questions.SIMILAR
    operation_id = "movies_similar"
    summary = "Similar movies"
