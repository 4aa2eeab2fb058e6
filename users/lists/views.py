"""`/api/users/<list>/`: one view set for all lists, and `/api/users/library/`."""

from functools import partial
from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from movie_recommendation_backend.http.pagination import paginate
from movie_recommendation_backend.http.validation import validated_body, validated_query
from movie_recommendation_backend.openapi import documented
from movies.api.http_caching import catalogue_unavailable
from movies.load import LoadFailed
from movies.parameter_fields import MOVIE_ID, movie_id_of
from users.accounts.authentication import user_of
from users.models import User

from . import reading, serializers, writing
from .kinds import LISTS, ListKind

LIST_PARAMETERS = serializers.ListParameters().get_fields().keys()


class ListViewSet(ViewSet):
    """The operations of a list. Subclasses set its `kind`."""

    kind: ListKind
    lookup_field = "movie_id"
    lookup_value_regex = MOVIE_ID

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, LoadFailed):
            exc = catalogue_unavailable(exc)
        return super().handle_exception(exc)

    @documented(
        "{name}_list",
        "Get the {title}",
        "Newest first, unless `sort` is given. Follow `next` and `previous` to get every entry"
        " exactly once, even if the list changes meanwhile. Movies are in the site's language.",
        query=serializers.ListParameters,
        answers={200: serializers.PageSerializer},
        tag="Lists",
    )
    def list(self, request: Request) -> Response:
        given = validated_query(serializers.ListParameters, request)
        sort, size = given.pop("sort"), given.pop("page_size")
        cursor = given.pop("cursor", None)
        page = paginate(
            reading.entries(self.kind, user_of(request), **given),
            reading.keyset(sort),
            request,
            names=LIST_PARAMETERS,
            size=size,
            cursor=cursor,
            salt=f"{self.kind.name} {sort}",
        )
        results = reading.bodies(self.kind, page.rows)
        return Response({"next": page.next, "previous": page.previous, "results": results})

    @documented(
        "{name}_add",
        "Add to the {title}",
        "Returns the entry, with 201 if it is new. If the movie is already on the list, the given"
        " fields of its entry are changed. Movies that are new to the site are fetched from TMDB.",
        takes=serializers.AdditionSerializer,
        answers={201: serializers.EntrySerializer, 200: serializers.EntrySerializer},
        fails=(404, 409),
        tag="Lists",
    )
    def create(self, request: Request) -> Response:
        fields = self.body(serializers.AdditionSerializer, request)
        return self.add(user_of(request), fields.pop("movie_id"), fields)

    @documented(
        "{name}_check",
        "Check the {title} for a movie",
        "Returns 200 whether or not the movie is on the list.",
        answers={200: serializers.StatusSerializer},
        fails=(404,),
        tag="Lists",
    )
    def retrieve(self, request: Request, movie_id: str) -> Response:
        found = reading.status(self.kind, user_of(request), movie_id_of(movie_id))
        return Response(found)

    @documented(
        "{name}_put",
        "Add a movie to the {title} or change it",
        "Returns 201 if the entry is new, 200 otherwise. Fields that are not given do not change.",
        takes=serializers.ChangeSerializer,
        answers={201: serializers.EntrySerializer, 200: serializers.EntrySerializer},
        fails=(404, 409),
        tag="Lists",
    )
    def update(self, request: Request, movie_id: str) -> Response:
        number = movie_id_of(movie_id)
        fields = self.body(serializers.ChangeSerializer, request)
        return self.add(user_of(request), number, fields)

    @documented(
        "{name}_remove",
        "Remove from the {title}",
        "Returns 404 if the movie is not on the list.",
        answers={204: None},
        fails=(404,),
        tag="Lists",
    )
    def destroy(self, request: Request, movie_id: str) -> Response:
        writing.remove(kind=self.kind, user=user_of(request), movie_id=movie_id_of(movie_id))
        return Response(status=204)

    @documented(
        "{name}_bulk",
        "Change the {title} in bulk",
        "Adds or changes up to 100 movies and removes up to 100, in one transaction. Returns the"
        " outcome for each id.",
        takes=serializers.BulkSerializer,
        answers={200: serializers.BulkResultSerializer},
        fails=(409,),
        tag="Lists",
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        given = self.body(serializers.BulkSerializer, request)
        return Response(writing.bulk(kind=self.kind, user=user_of(request), **given))

    def body(self, accepts: type[serializers.KindSerializer], request: Request) -> dict[str, Any]:
        return validated_body(partial(accepts, kind=self.kind), request)

    def add(self, user: User, movie_id: int, fields: dict[str, Any]) -> Response:
        entry, is_new = writing.add(kind=self.kind, user=user, movie_id=movie_id, fields=fields)
        [body] = reading.bodies(self.kind, [entry])
        return Response(body, status=201 if is_new else 200)

    def describe(self, operation: dict[str, Any]) -> dict[str, Any]:
        """Return an operation's description with the names and serializers of this list."""
        words = {"name": self.kind.name, "title": self.kind.title}
        texts = ("operation_id", "operation_summary", "operation_description")
        operation |= {name: operation[name].format(**words) for name in texts}
        if "request_body" in operation:
            operation["request_body"] = self.of_kind(operation["request_body"])
        for status in operation["responses"].keys() & {200, 201, 204}:
            response = operation["responses"][status]
            response["description"] = operation["operation_summary"]
            if "schema" in response:
                response["schema"] = self.of_kind(response["schema"])
        return operation

    def of_kind(self, serializer: type[serializers.Serializer]) -> serializers.Serializer:
        if issubclass(serializer, serializers.KindSerializer):
            return serializer(kind=self.kind)
        return serializer()


class FavoritesViewSet(ListViewSet):
    kind = LISTS["favorites"]


class WatchlistViewSet(ListViewSet):
    kind = LISTS["watchlist"]


class WatchedViewSet(ListViewSet):
    kind = LISTS["watched"]


class RatingsViewSet(ListViewSet):
    kind = LISTS["ratings"]


class HiddenViewSet(ListViewSet):
    kind = LISTS["hidden"]


class LibraryView(APIView):
    @documented(
        "users_library",
        "Get the lists that movies are on",
        "Takes up to 100 movie ids, so one request is enough for a page of the catalogue.",
        query=serializers.LibraryParameters,
        answers={200: serializers.LIBRARY},
    )
    def get(self, request: Request) -> Response:
        movie_ids = validated_query(serializers.LibraryParameters, request)["movie_ids"]
        return Response(reading.library(user_of(request), movie_ids))
