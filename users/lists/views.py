"""`/api/users/<list>/`: one view set for all lists, and `/api/users/library/`."""

from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from movie_recommendation_backend.http.pagination import paginate
from movie_recommendation_backend.http.validation import validated_body, validated_query
from movie_recommendation_backend.openapi import documented
from movies.api.http_caching import catalogue_unavailable
from movies.load import LoadFailed
from movies.parameters import MOVIE_ID, movie_id_of
from users.models import User

from . import reading, serializers, writing
from .kinds import LISTS, ListKind


class ListViewSet(ViewSet):
    """What all lists share; a subclass names its kind."""

    kind: ListKind
    lookup_field = "movie_id"
    lookup_value_regex = MOVIE_ID

    def handle_exception(self, exc):
        if isinstance(exc, LoadFailed):
            exc = catalogue_unavailable(exc)
        return super().handle_exception(exc)

    @documented(
        "{name}_list",
        "The {title}",
        "Newest first, or by `sort`. `next` and `previous` lead through the list: each entry"
        " comes exactly once, also while the list changes. Films are in the site's language.",
        query=serializers.ListParameters,
        answers={200: serializers.page_serializer},
        tag="Lists",
    )
    def list(self, request):
        given = validated_query(serializers.ListParameters, request)
        sort, size = given.pop("sort"), given.pop("page_size")
        cursor = given.pop("cursor", None)
        page = paginate(
            reading.entries(self.kind, request.user, **given),
            reading.keyset(sort),
            request,
            names=serializers.ListParameters().fields,
            size=size,
            cursor=cursor,
            salt=f"{self.kind.name} {sort}",
        )
        body = {"next": page.next, "previous": page.previous, "results": page.rows}
        return Response(serializers.page_serializer(self.kind)(body).data)

    @documented(
        "{name}_add",
        "Add to the {title}",
        "201 with the entry; 200 if the film is on the list already, then changed where the"
        " body says so. A film that the site does not know yet is asked of the catalogue.",
        takes=serializers.addition_serializer,
        answers={
            201: serializers.entry_serializer,
            200: serializers.entry_serializer,
        },
        fails=(404, 409),
        tag="Lists",
    )
    def create(self, request):
        fields = validated_body(serializers.addition_serializer(self.kind), request)
        return self.added(request.user, fields.pop("movie_id"), fields)

    @documented(
        "{name}_check",
        "Check the {title} for a film",
        "200 also when it is not.",
        answers={200: serializers.status_serializer},
        fails=(404,),
        tag="Lists",
    )
    def retrieve(self, request, movie_id: str):
        found = reading.status(self.kind, request.user, movie_id_of(movie_id))
        return Response(serializers.status_serializer(self.kind)(found).data)

    @documented(
        "{name}_put",
        "Keep a film in the {title}",
        "As adding it: 201 when new, else 200. What the body leaves out stays as it is.",
        takes=serializers.change_serializer,
        answers={
            201: serializers.entry_serializer,
            200: serializers.entry_serializer,
        },
        fails=(404, 409),
        tag="Lists",
    )
    def update(self, request, movie_id: str):
        movie_id = movie_id_of(movie_id)
        return self.added(
            request.user,
            movie_id,
            validated_body(serializers.change_serializer(self.kind), request),
        )

    @documented(
        "{name}_remove",
        "Remove from the {title}",
        "204, or 404 when the film is not there.",
        answers={204: None},
        fails=(404,),
        tag="Lists",
    )
    def destroy(self, request, movie_id: str):
        writing.remove(kind=self.kind, user=request.user, movie_id=movie_id_of(movie_id))
        return Response(status=204)

    @documented(
        "{name}_bulk",
        "Change the {title} in bulk",
        "Up to 100 to add or change and 100 to remove, in one transaction. The answer says"
        " what became of each id.",
        takes=serializers.bulk_serializer,
        answers={200: serializers.bulk_result_serializer},
        fails=(409,),
        tag="Lists",
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        given = validated_body(serializers.bulk_serializer(self.kind), request)
        return Response(writing.bulk(kind=self.kind, user=request.user, **given))

    def added(self, user: User, movie_id: int, fields: dict) -> Response:
        entry, is_new = writing.add(kind=self.kind, user=user, movie_id=movie_id, fields=fields)
        body = serializers.entry_serializer(self.kind)(reading.with_film(entry)).data
        return Response(body, status=201 if is_new else 200)

    def describe(self, operation: dict) -> dict:
        """Return the description of an operation, written for any list, as that of this one."""
        words = {"name": self.kind.name, "title": self.kind.title}
        texts = ("operation_id", "operation_summary", "operation_description")
        operation |= {name: operation[name].format(**words) for name in texts}
        if "request_body" in operation:
            operation["request_body"] = operation["request_body"](self.kind)
        for status in operation["responses"].keys() & {200, 201, 204}:
            response = operation["responses"][status]
            response["description"] = operation["operation_summary"]
            if "schema" in response:
                response["schema"] = response["schema"](self.kind)
        return operation


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
        "Which lists films are on",
        "For up to 100 films at once: one call decorates a page of the catalogue.",
        query=serializers.LibraryParameters,
        answers={200: serializers.LIBRARY},
    )
    def get(self, request):
        movie_ids = validated_query(serializers.LibraryParameters, request)["movie_ids"]
        return Response(reading.library(request.user, movie_ids))
