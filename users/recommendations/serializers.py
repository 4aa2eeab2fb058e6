"""Parameters, bodies and answers of the recommendation endpoints."""

from rest_framework import serializers
from rest_framework.fields import Field

from movies.api.summary import MovieSummarySerializer
from movies.parameter_fields import GenreIdsField, WholeNumberField
from movies.questions import LANGUAGE
from users.lists.fields import MovieIdField, MovieIdsField
from users.lists.kinds import LISTS

from .recommendation import (
    BLENDED,
    BY_POPULARITY,
    CONTENT,
    ITEM_ITEM,
    PERSONAL,
    POPULAR,
    TMDB,
)

Serializer = serializers.Serializer
MAX_EXCLUDED = 200
MAX_PICKED = 20


class ExcludedIdsField(MovieIdsField):
    MAX_IDS = MAX_EXCLUDED
    default_error_messages = {
        "invalid_ids": f"Enter 1 to {MAX_EXCLUDED} movie ids, separated by commas."
    }


class RecommendationParameters(Serializer):
    limit = WholeNumberField(default=20, min_value=1, max_value=100)
    genres = GenreIdsField(
        required=False, help_text="Genre ids. Only movies with all of them are recommended."
    )
    exclude_watchlist = serializers.BooleanField(
        default=True, help_text="Whether to leave out movies on the watchlist."
    )
    exclude = ExcludedIdsField(
        required=False, help_text="Up to 200 movie ids to leave out, such as those already shown."
    )


class StarterParameters(Serializer):
    language = LANGUAGE.field
    limit = WholeNumberField(default=30, min_value=1, max_value=60)


class PreviewSerializer(Serializer):
    movie_ids = serializers.ListField(
        child=MovieIdField(),
        min_length=1,
        max_length=MAX_PICKED,
        help_text="TMDB ids of the movies that the visitor has picked.",
    )


class ReasonSerializer(Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class RecommendationSerializer(Serializer):
    movie = MovieSummarySerializer()
    score = serializers.FloatField(
        help_text="Results are sorted by score. Scores of different responses are not comparable."
    )
    sources = serializers.ListField(
        child=serializers.ChoiceField([ITEM_ITEM, TMDB, CONTENT, BY_POPULARITY]),
        help_text="Why the movie is recommended, the strongest source first. `item_item`: people"
        " who like your movies like this one; `tmdb`: TMDB recommends it after one of your movies;"
        " `content`: it is similar to your movies; `popular`: many people like it.",
    )
    because = ReasonSerializer(
        many=True, help_text="Those of your movies that contribute most to the recommendation."
    )


class RecommendationsSerializer(Serializer):
    """Describes `views.response`."""

    strategy = serializers.ChoiceField(
        [PERSONAL, BLENDED, POPULAR],
        help_text="`personal`: all results come from this site's own model; `blended`: other"
        " sources are used as well, or instead; `popular`: results are based on popularity alone,"
        " for example for new users.",
    )
    trained_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When this site's model was trained. Null before the first training.",
    )
    results = RecommendationSerializer(many=True)


class StarterSerializer(Serializer):
    results = MovieSummarySerializer(many=True)


class TasteTotalsSerializer(Serializer):
    films = serializers.IntegerField(help_text="Movies that you have favorited, watched or rated.")
    mean_rating = serializers.FloatField(allow_null=True)

    def get_fields(self) -> dict[str, Field]:
        return {name: serializers.IntegerField() for name in LISTS} | super().get_fields()


class TasteGenreSerializer(Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField(help_text="The genre's share of your movies, from 0 to 1.")
    catalogue_share = serializers.FloatField(
        help_text="The genre's share of all movies known to this site, updated hourly."
    )
    mean_rating = serializers.FloatField(allow_null=True)


class TasteDecadeSerializer(Serializer):
    decade = serializers.IntegerField(help_text="The first year of the decade.")
    count = serializers.IntegerField()


class TasteLanguageSerializer(Serializer):
    language = serializers.CharField()
    count = serializers.IntegerField()


class TasteDirectorSerializer(Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class TasteRatingSerializer(Serializer):
    rating = serializers.IntegerField(min_value=1, max_value=10)
    count = serializers.IntegerField()


class TasteSerializer(Serializer):
    totals = TasteTotalsSerializer()
    genres = TasteGenreSerializer(many=True)
    decades = TasteDecadeSerializer(many=True)
    languages = TasteLanguageSerializer(many=True)
    directors = TasteDirectorSerializer(many=True)
    ratings = TasteRatingSerializer(many=True)
