"""`/api/users/<list>/`: one view set for all lists, made from a row of the table of kinds."""

from collections.abc import Callable

from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from movie_recommendation_backend.openapi import documented
from movie_recommendation_backend.pagination import paginate
from movie_recommendation_backend.validation import validated_body, validated_query
from movies.http import catalogue_unavailable
from movies.parameters import MOVIE_ID, movie_id_of
from movies.services.exceptions import TMDbError
from users.models import User

from . import reading, serializers, writing
from .kinds import ListKind


def list_view_set(kind: ListKind) -> type[ViewSet]:
    """Return the view set of a list; each has its own functions, which carry its description."""
    name, title = kind.name, kind.title

    def described(operation: str, *words: str, **details) -> Callable:
        return documented(f"{name}_{operation}", *words, tag="Lists", **details)

    class ListViewSet(ViewSet):
        lookup_field = "movie_id"
        lookup_value_regex = MOVIE_ID

        def handle_exception(self, exc):
            if isinstance(exc, TMDbError):
                exc = catalogue_unavailable(exc)
            return super().handle_exception(exc)

        @described(
            "list",
            f"The {title}",
            "Newest first, or by `sort`. `next` and `previous` lead through the list: each entry"
            " comes exactly once, also while the list changes. Films are in the site's language.",
            query=serializers.ListParameters,
            answers={200: serializers.page_serializer(kind)},
        )
        def list(self, request):
            given = validated_query(serializers.ListParameters, request)
            sort, size = given.pop("sort"), given.pop("page_size")
            cursor = given.pop("cursor", None)
            page = paginate(
                reading.entries(kind, request.user, **given),
                reading.keyset(sort),
                request,
                names=serializers.ListParameters().fields,
                size=size,
                cursor=cursor,
                salt=f"{name} {sort}",
            )
            body = {"next": page.next, "previous": page.previous, "results": page.rows}
            return Response(serializers.page_serializer(kind)(body).data)

        @described(
            "add",
            f"Add to the {title}",
            "201 with the entry; 200 if the film is on the list already, then changed where the"
            " body says so. A film that the site does not know yet is asked of the catalogue.",
            takes=serializers.addition_serializer(kind),
            answers={
                201: serializers.entry_serializer(kind),
                200: serializers.entry_serializer(kind),
            },
            fails=(404, 409),
        )
        def create(self, request):
            fields = validated_body(serializers.addition_serializer(kind), request)
            return self.added(request.user, fields.pop("movie_id"), fields)

        @described(
            "check",
            f"Check the {title} for a film",
            "200 also when it is not.",
            answers={200: serializers.status_serializer(kind)},
            fails=(404,),
        )
        def retrieve(self, request, movie_id: str):
            found = reading.status(kind, request.user, movie_id_of(movie_id))
            return Response(serializers.status_serializer(kind)(found).data)

        @described(
            "put",
            f"Keep a film in the {title}",
            "As adding it: 201 when new, else 200. What the body leaves out stays as it is.",
            takes=serializers.change_serializer(kind),
            answers={
                201: serializers.entry_serializer(kind),
                200: serializers.entry_serializer(kind),
            },
            fails=(404, 409),
        )
        def update(self, request, movie_id: str):
            movie_id = movie_id_of(movie_id)
            return self.added(
                request.user, movie_id, validated_body(serializers.change_serializer(kind), request)
            )

        @described(
            "remove",
            f"Remove from the {title}",
            "204, or 404 when the film is not there.",
            answers={204: None},
            fails=(404,),
        )
        def destroy(self, request, movie_id: str):
            writing.remove(kind=kind, user=request.user, movie_id=movie_id_of(movie_id))
            return Response(status=204)

        @described(
            "bulk",
            f"Change the {title} in bulk",
            "Up to 100 to add or change and 100 to remove, in one transaction. The answer says"
            " what became of each id.",
            takes=serializers.bulk_serializer(kind),
            answers={200: serializers.BulkResultSerializer},
            fails=(409,),
        )
        @action(detail=False, methods=["post"])
        def bulk(self, request):
            given = validated_body(serializers.bulk_serializer(kind), request)
            return Response(writing.bulk(kind=kind, user=request.user, **given))

        def added(self, user: User, movie_id: int, fields: dict) -> Response:
            entry, is_new = writing.add(kind=kind, user=user, movie_id=movie_id, fields=fields)
            body = serializers.entry_serializer(kind)(reading.with_film(entry)).data
            return Response(body, status=201 if is_new else 200)

    ListViewSet.__name__ = f"{kind.model.__name__}ViewSet"
    return ListViewSet


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
