"""What the lists take and answer. Each function makes one of a list's classes from its kind."""

from functools import cache

from drf_yasg import openapi
from drf_yasg.utils import swagger_serializer_method
from rest_framework import serializers

from movies.api.summary import MovieSummarySerializer
from movies.parameters import FIRST_YEAR, LAST_YEAR, GenreIdsField, WholeNumberField
from movies.store.rows import summary_of
from movies.text import fold
from users.models import Entry

from .fields import MovieIdField, MovieIdsField, PastDateTimeField
from .kinds import LISTS, ListKind
from .reading import ORDERS

Serializer = serializers.Serializer
MOST_IN_BULK = 100
LONGEST_CURSOR = 3000


class ListParameters(Serializer):
    sort = serializers.ChoiceField(
        [f"{sign}{order}" for order in ORDERS for sign in ("", "-")],
        default="-added_at",
        help_text="A leading `-` sorts descending; `rating` is the film's `vote_average`. Films"
        " without such a value come last in both directions.",
    )
    page_size = WholeNumberField(default=20, min_value=1, max_value=100)
    cursor = serializers.RegexField(
        r"^[A-Za-z0-9_.:-]+$",
        required=False,
        max_length=LONGEST_CURSOR,
        help_text="From `next` or `previous`.",
    )
    genres = GenreIdsField(required=False, help_text="Genre ids; a film must have all of them.")
    year = WholeNumberField(
        required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text="Year of release."
    )
    query = serializers.CharField(
        required=False, max_length=200, help_text="A part of the title; accents and case aside."
    )

    def validate_query(self, value: str) -> str:
        # Accents alone fold to nothing, which every title contains.
        if not fold(value):
            raise serializers.ValidationError("This field may not be blank.", "blank")
        return value


class LibraryParameters(Serializer):
    movie_ids = MovieIdsField(help_text="Up to 100 ids, separated by commas.")


# By id as text; drf-yasg makes no such schema from a serializer.
LIBRARY = openapi.Schema(
    type=openapi.TYPE_OBJECT,
    additional_properties=openapi.Schema(
        type=openapi.TYPE_OBJECT,
        required=[kind.flag for kind in LISTS.values()],
        properties={
            kind.flag: (
                openapi.Schema(type=openapi.TYPE_INTEGER, x_nullable=True)
                if kind.flag_column
                else openapi.Schema(type=openapi.TYPE_BOOLEAN)
            )
            for kind in LISTS.values()
        },
    ),
)


CountsSerializer = type(
    "CountsSerializer", (Serializer,), {name: serializers.IntegerField() for name in LISTS}
)


@cache
def entry_serializer(kind: ListKind) -> type[Serializer]:
    class EntrySerializer(kind.fields):
        movie = serializers.SerializerMethodField()
        added_at = serializers.DateTimeField()

        class Meta:
            ref_name = f"{kind.model.__name__}Entry"

        @swagger_serializer_method(MovieSummarySerializer)
        def get_movie(self, row: Entry) -> dict:
            return summary_of(row.movie)

    return EntrySerializer


@cache
def page_serializer(kind: ListKind) -> type[Serializer]:
    class PageSerializer(Serializer):
        next = serializers.CharField(allow_null=True, help_text="Path and query.")
        previous = serializers.CharField(allow_null=True, help_text="Path and query.")
        results = entry_serializer(kind)(many=True)

        class Meta:
            ref_name = f"{kind.model.__name__}Page"

    return PageSerializer


@cache
def status_serializer(kind: ListKind) -> type[Serializer]:
    class StatusSerializer(kind.status):
        movie_id = serializers.IntegerField()
        added_at = serializers.DateTimeField(allow_null=True)

        class Meta:
            ref_name = f"{kind.model.__name__}Status"

        def get_fields(self):
            flag = {} if kind.flag_column else {kind.flag: serializers.BooleanField()}
            return super().get_fields() | flag

    return StatusSerializer


@cache
def change_serializer(kind: ListKind) -> type[Serializer]:
    class ChangeSerializer(kind.fields):
        class Meta:
            ref_name = f"{kind.model.__name__}Change"

    return ChangeSerializer


@cache
def addition_serializer(kind: ListKind) -> type[Serializer]:
    class AdditionSerializer(kind.fields):
        movie_id = MovieIdField()

        class Meta:
            ref_name = f"{kind.model.__name__}Addition"

        def get_fields(self):
            fields = super().get_fields()
            for name in kind.required:
                fields[name].required = True
            return fields

    return AdditionSerializer


@cache
def bulk_serializer(kind: ListKind) -> type[Serializer]:
    class BulkAdditionSerializer(kind.fields):
        movie_id = MovieIdField()
        added_at = PastDateTimeField(required=False, help_text="Kept; now if it is not given.")

        class Meta:
            ref_name = f"{kind.model.__name__}BulkAddition"

    class BulkSerializer(Serializer):
        add = BulkAdditionSerializer(many=True, required=False, max_length=MOST_IN_BULK)
        remove = serializers.ListField(
            child=MovieIdField(), required=False, max_length=MOST_IN_BULK
        )

        class Meta:
            ref_name = f"{kind.model.__name__}Bulk"

        def validate(self, attrs):
            seen = set()
            for name in ("add", "remove"):
                attrs.setdefault(name, [])
                for item in attrs[name]:
                    movie_id = item["movie_id"] if name == "add" else item
                    if movie_id in seen:
                        message = f"Film {movie_id} stands here twice."
                        raise serializers.ValidationError({name: [message]}, "duplicate")
                    seen.add(movie_id)
            return attrs

    return BulkSerializer


@cache
def exported_entry_serializer(kind: ListKind) -> type[Serializer]:
    class ExportedEntrySerializer(kind.fields):
        movie_id = serializers.IntegerField()
        title = serializers.CharField()
        added_at = serializers.DateTimeField()

        class Meta:
            ref_name = f"{kind.model.__name__}Exported"

    return ExportedEntrySerializer


def bulk_result_serializer(kind: ListKind) -> type[Serializer]:
    return BulkResultSerializer


class BulkResultSerializer(Serializer):
    """Ids by what became of them."""

    added = serializers.ListField(child=serializers.IntegerField())
    updated = serializers.ListField(child=serializers.IntegerField())
    unchanged = serializers.ListField(child=serializers.IntegerField())
    removed = serializers.ListField(child=serializers.IntegerField())
    not_found = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Unknown to the catalogue; or to be removed, and not there.",
    )
    unavailable = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The catalogue could not be asked: send these again later.",
    )
