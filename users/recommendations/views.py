"""`/api/recommendations/`: what to watch next, and why."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend.http.throttling import client_address
from movie_recommendation_backend.http.validation import validated_body, validated_query
from movie_recommendation_backend.openapi import CACHED, documented
from movies.api.http_caching import respond
from movies.api.views import CatalogueView
from movies.catalogue.deadlines import bounded
from movies.catalogue.movie import fetch_missing
from movies.load import Load
from movies.models import Movie
from movies.store.reading import summaries
from movies.throttles import OncePerFlight
from users.accounts.authentication import user_of

from . import serializers
from .candidates import allowed_movies
from .feedback import feedback_of, picked
from .models import ItemModel
from .recommend import DEADLINE, TOPIC, recommend
from .recommendation import Recommendations
from .starter import starter
from .taste import taste


def response(answer: Recommendations) -> Response:
    """Return the response for an answer, reading its movies in two queries."""
    rows = Movie.objects.filter(pk__in=[each.movie_id for each in answer.results])
    movies = {movie["id"]: movie for movie in summaries(rows.defer("details"))}
    results = [
        {
            "movie": movies[each.movie_id],
            "score": each.score,
            "sources": each.sources,
            "because": [{"id": reason.movie_id, "title": reason.title} for reason in each.because],
        }
        for each in answer.results
        # A movie may have been deleted since it was ranked.
        if each.movie_id in movies
    ]
    return Response(
        {"strategy": answer.strategy, "trained_at": answer.trained_at, "results": results}
    )


class RecommendationsView(APIView):
    @documented(
        "recommendations_list",
        "What to watch next",
        "Returns recommended movies with reasons, best first. Changes to the user's lists"
        " take effect with the next request. Movies that the user has favorited, watched, rated or"
        " hidden are never recommended. To load more, send the ids shown so far as `exclude`.",
        query=serializers.RecommendationParameters,
        answers={200: serializers.RecommendationsSerializer},
    )
    def get(self, request: Request) -> Response:
        given = validated_query(serializers.RecommendationParameters, request)
        limit, user = given.pop("limit"), user_of(request)
        model = ItemModel.objects.serving()
        answer = recommend(
            feedback_of(user, model),
            allowed_movies(user=user, **given),
            model,
            Load(),
            limit=limit,
            genres=given.get("genres", ()),
            favorite_genres=user.favorite_genres,
        )
        return response(answer)


class TasteView(APIView):
    @documented(
        "recommendations_taste",
        "The user's taste",
        "Returns statistics of the movies that the user has favorited, watched or rated.",
        answers={200: serializers.TasteSerializer},
    )
    def get(self, request: Request) -> Response:
        return Response(serializers.TasteSerializer(taste(user_of(request))).data)


class PreviewView(APIView):
    authentication_classes = []
    permission_classes = []

    @documented(
        "recommendations_preview",
        "Recommendations before signing up",
        "Returns what a user with these favorites would get. Nothing is stored. Unavailable movies"
        " are skipped.",
        takes=serializers.PreviewSerializer,
        answers={200: serializers.RecommendationsSerializer},
        public=True,
    )
    def post(self, request: Request) -> Response:
        movie_ids = validated_body(serializers.PreviewSerializer, request)["movie_ids"]
        load = bounded(Load(), DEADLINE, TOPIC)
        throttle = OncePerFlight("anon", client_address(request))
        fetch_missing(movie_ids, load.in_bulk(throttle))
        model = ItemModel.objects.serving()
        allowed = allowed_movies(exclude=movie_ids)
        answer = recommend(picked(movie_ids, model), allowed, model, load, limit=20)
        return response(answer)


class StarterView(CatalogueView):
    """Answered and cached like the catalogue's charts."""

    @documented(
        "recommendations_starter",
        "Movies to start with",
        "Returns well-known movies that differ from each other. Let new users pick the ones they"
        " like, show them the `preview`, and add their picks to their favorites once they have"
        " registered.",
        query=serializers.StarterParameters,
        answers={200: serializers.StarterSerializer},
        headers=CACHED,
        public=True,
    )
    def get(self, request: Request) -> HttpResponse:
        given = validated_query(serializers.StarterParameters, request)
        return respond(request, starter(self.load, **given))
