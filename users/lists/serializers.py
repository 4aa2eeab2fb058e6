"""Requests and responses of the lists."""

from types import SimpleNamespace
from typing import Any

from drf_yasg import openapi
from rest_framework import serializers

from movies.api.summary import MovieSummarySerializer
from movies.parameter_fields import FIRST_YEAR, LAST_YEAR, GenreIdsField, WholeNumberField
from movies.text import fold

from .fields import MovieIdField, MovieIdsField, PastDateTimeField
from .kinds import LISTS, ListKind
from .reading import ORDERS

Serializer = serializers.Serializer
Fields = dict[str, serializers.Field]

MAX_BULK = 100
MAX_CURSOR_LENGTH = 3000


class ListParameters(Serializer):
    sort = serializers.ChoiceField(
        [f"{sign}{order}" for order in ORDERS for sign in ("", "-")],
        default="-added_at",
        help_text="A leading `-` sorts descending. `rating` is the movie's `vote_average`. Movies"
        " without a value come last in both directions.",
    )
    page_size = WholeNumberField(default=20, min_value=1, max_value=100)
    cursor = serializers.RegexField(
        r"^[A-Za-z0-9_.:-]+$",
        required=False,
        max_length=MAX_CURSOR_LENGTH,
        help_text="From `next` or `previous`.",
    )
    genres = GenreIdsField(required=False, help_text="Genre ids; a movie must have all of them.")
    year = WholeNumberField(
        required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text="Year of release."
    )
    query = serializers.CharField(
        required=False, max_length=200, help_text="Part of the title, ignoring accents and case."
    )

    def validate_query(self, value: str) -> str:
        # A query of accents only folds to an empty text, which every title contains.
        if not fold(value):
            raise serializers.ValidationError("This field may not be blank.", "blank")
        return value


class LibraryParameters(Serializer):
    movie_ids = MovieIdsField(help_text="Up to 100 ids, separated by commas.")


# An object whose keys are movie ids. drf-yasg cannot derive such a schema from a serializer.
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


class KindSerializer(Serializer):
    """A serializer for a `kind` of list. Its schema is named after the kind and `suffix`."""

    suffix: str
    Meta: Any

    def __init__(self, *args: Any, kind: ListKind, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind
        # drf-yasg reads the schema's name from here.
        self.Meta = SimpleNamespace(ref_name=f"{kind.model.__name__}{self.suffix}")


class FieldsSerializer(KindSerializer):
    """Adds the fields of the kind's own columns."""

    def get_fields(self) -> Fields:
        return self.kind.fields().get_fields() | super().get_fields()


class EntrySerializer(FieldsSerializer):
    """Describes `reading.bodies`."""

    suffix = "Entry"

    movie = MovieSummarySerializer()
    added_at = serializers.DateTimeField()


class PageSerializer(KindSerializer):
    """Describes a page of `reading.bodies`."""

    suffix = "Page"

    next = serializers.CharField(allow_null=True, help_text="Path and query of the next page.")
    previous = serializers.CharField(
        allow_null=True, help_text="Path and query of the previous page."
    )

    def get_fields(self) -> Fields:
        return super().get_fields() | {"results": EntrySerializer(kind=self.kind, many=True)}


class StatusSerializer(KindSerializer):
    suffix = "Status"

    movie_id = serializers.IntegerField()
    added_at = serializers.DateTimeField(allow_null=True)

    def get_fields(self) -> Fields:
        fields = self.kind.status().get_fields() | super().get_fields()
        if not self.kind.flag_column:
            fields[self.kind.flag] = serializers.BooleanField()
        return fields


class ChangeSerializer(FieldsSerializer):
    suffix = "Change"


class AdditionSerializer(FieldsSerializer):
    suffix = "Addition"

    movie_id = MovieIdField()

    def get_fields(self) -> Fields:
        fields = super().get_fields()
        for name in self.kind.required:
            fields[name].required = True
        return fields


class BulkAdditionSerializer(FieldsSerializer):
    suffix = "BulkAddition"

    movie_id = MovieIdField()
    added_at = PastDateTimeField(required=False, help_text="The current time by default.")


class BulkSerializer(KindSerializer):
    suffix = "Bulk"

    remove = serializers.ListField(child=MovieIdField(), required=False, max_length=MAX_BULK)

    def get_fields(self) -> Fields:
        add = BulkAdditionSerializer(kind=self.kind, many=True, required=False, max_length=MAX_BULK)
        return {"add": add} | super().get_fields()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Reject movies that are given twice, and fill in empty lists."""
        seen = set()
        for name in ("add", "remove"):
            attrs.setdefault(name, [])
            for item in attrs[name]:
                movie_id = item["movie_id"] if name == "add" else item
                if movie_id in seen:
                    message = f"Movie {movie_id} is given twice."
                    raise serializers.ValidationError({name: [message]}, "duplicate")
                seen.add(movie_id)
        return attrs


class ExportedEntrySerializer(FieldsSerializer):
    suffix = "Exported"

    movie_id = serializers.IntegerField()
    title = serializers.CharField()
    added_at = serializers.DateTimeField()


class BulkResultSerializer(Serializer):
    """Movie ids by the outcome of the call."""

    added = serializers.ListField(child=serializers.IntegerField())
    updated = serializers.ListField(child=serializers.IntegerField())
    unchanged = serializers.ListField(child=serializers.IntegerField())
    removed = serializers.ListField(child=serializers.IntegerField())
    not_found = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Movies to add that TMDB does not have, or to remove that are not on the list.",
    )
    unavailable = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Movies that could not be looked up in TMDB. Send them again later.",
    )
