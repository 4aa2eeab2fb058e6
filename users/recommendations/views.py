"""`/api/recommendations/`: what to watch next, and why."""

from django.db.models import Prefetch
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend.http.throttling import client_address
from movie_recommendation_backend.http.validation import validated_body, validated_query
from movie_recommendation_backend.openapi import CACHED, documented
from movies import catalogue
from movies.api.http_caching import respond
from movies.models import Movie, MovieGenre
from movies.views import CatalogueMixin

from . import serializers
from .candidates import allowed_films
from .catalogue_lists import asking_within
from .models import ItemModel
from .recommend import LONGEST, Answer, recommend
from .signals import picked, signals_of
from .starter import starter
from .taste import taste


def written(answer: Answer) -> Response:
    """Return the answer with its films, in two queries."""
    ids = [each.film for each in answer.results]
    genres = Prefetch("movie_genres", MovieGenre.objects.select_related("genre"))
    rows = Movie.objects.filter(pk__in=ids).defer("details").prefetch_related(genres)
    context = {"movies": {movie.pk: movie for movie in rows}}
    # One may have been pruned since it was ranked.
    answer.results = [each for each in answer.results if each.film in context["movies"]]
    return Response(serializers.RecommendationsSerializer(answer, context=context).data)


class RecommendationsView(APIView):
    @documented(
        "recommendations_list",
        "What to watch next",
        "Films for the user, best first, each with its reasons. A favorite added or a film hidden a"
        " second ago changes the next answer. Films that the user has favorited, watched, rated or"
        " hidden are never among them. To scroll on, send the ids shown so far as `exclude`.",
        query=serializers.RecommendationParameters,
        answers={200: serializers.RecommendationsSerializer},
    )
    def get(self, request):
        given = validated_query(serializers.RecommendationParameters, request)
        limit, model = given.pop("limit"), ItemModel.objects.serving()
        answer = recommend(
            signals_of(request.user, model),
            allowed_films(user=request.user, **given),
            model,
            limit=limit,
            genres=given.get("genres", ()),
            favorite_genres=request.user.favorite_genres,
        )
        return written(answer)


class TasteView(APIView):
    @documented(
        "recommendations_taste",
        "The user's taste",
        "Figures of the films that the user has favorited, watched or rated.",
        answers={200: serializers.TasteSerializer},
    )
    def get(self, request):
        return Response(serializers.TasteSerializer(taste(request.user)).data)


class PreviewView(APIView):
    authentication_classes = []
    permission_classes = []

    @documented(
        "recommendations_preview",
        "Recommendations before signing up",
        "The answer to a user with these favorites. Nothing is stored. Films that cannot be"
        " had are passed over.",
        takes=serializers.PreviewSerializer,
        answers={200: serializers.RecommendationsSerializer},
        public=True,
    )
    def post(self, request):
        movie_ids = validated_body(serializers.PreviewSerializer, request)["movie_ids"]
        address = client_address(request)
        with asking_within(LONGEST, "answers"):
            catalogue.obtain(movie_ids, seconds=LONGEST, limit="anon", who=address)
            model = ItemModel.objects.serving()
            answer = recommend(
                picked(movie_ids, model), allowed_films(exclude=movie_ids), model, limit=20
            )
        return written(answer)


class StarterView(CatalogueMixin, APIView):
    """Answered and kept as the catalogue's charts are."""

    @documented(
        "recommendations_starter",
        "Films to start with",
        "Well-known films that differ from each other: let a new user pick those he likes, show"
        " him `preview`, and keep them as favorites once he has registered.",
        query=serializers.StarterParameters,
        answers={200: serializers.StarterSerializer},
        headers=CACHED,
        public=True,
    )
    def get(self, request):
        given = validated_query(serializers.StarterParameters, request)
        return respond(request, starter(**given))
