"""What the recommendation endpoints take and answer."""

from drf_yasg.utils import swagger_serializer_method
from rest_framework import serializers

from movies.parameters import GenreIdsField, LanguageParameters, WholeNumberField
from movies.serializers import MovieSummarySerializer
from movies.store.reading import summary
from users.lists.fields import MovieIdField, MovieIdsField
from users.lists.kinds import LISTS

from .recommend import (
    BLENDED,
    BY_POPULARITY,
    CONTENT,
    ITEM_ITEM,
    PERSONAL,
    POPULAR,
    TMDB,
    Recommendation,
)

Serializer = serializers.Serializer
MOST_EXCLUDED = 200
MOST_PICKED = 20


class ExcludedIdsField(MovieIdsField):
    MOST = MOST_EXCLUDED
    default_error_messages = {"invalid_ids": f"1 to {MOST} film ids, separated by commas."}


class RecommendationParameters(Serializer):
    limit = WholeNumberField(default=20, min_value=1, max_value=100)
    genres = GenreIdsField(required=False, help_text="Genre ids; a film must have all of them.")
    exclude_watchlist = serializers.BooleanField(
        default=True, help_text="Whether films on the watchlist are left out."
    )
    exclude = ExcludedIdsField(
        required=False, help_text="Film ids to leave out, such as those shown already; up to 200."
    )


class StarterParameters(LanguageParameters):
    limit = WholeNumberField(default=30, min_value=1, max_value=60)


class PreviewSerializer(Serializer):
    movie_ids = serializers.ListField(
        child=MovieIdField(), min_length=1, max_length=MOST_PICKED, help_text="TMDb ids."
    )


class ReasonSerializer(Serializer):
    id = serializers.IntegerField(source="film")
    title = serializers.CharField()


class RecommendationSerializer(Serializer):
    """`context["movies"]` holds the rows of the films."""

    movie = serializers.SerializerMethodField()
    score = serializers.FloatField(help_text="Orders this answer; compares with no other.")
    sources = serializers.ListField(
        child=serializers.ChoiceField([ITEM_ITEM, TMDB, CONTENT, BY_POPULARITY]),
        help_text="`item_item`: people who like your films like it; `tmdb`: TMDB names it after one"
        " of your films; `content`: it is like your films; `popular`: many like it.",
    )
    because = ReasonSerializer(many=True, help_text="Your own films that speak for it most.")

    @swagger_serializer_method(MovieSummarySerializer)
    def get_movie(self, recommendation: Recommendation) -> dict:
        return summary(self.context["movies"][recommendation.film])


class RecommendationsSerializer(Serializer):
    strategy = serializers.ChoiceField(
        [PERSONAL, BLENDED, POPULAR],
        help_text="`personal`: what this site has learnt answers alone; `blended`: other sources"
        " too, or they alone; `popular`: popularity alone, such as while nothing is known of you.",
    )
    trained_at = serializers.DateTimeField(
        allow_null=True, help_text="When this site learnt; null before the first time."
    )
    results = RecommendationSerializer(many=True)


class StarterSerializer(Serializer):
    results = MovieSummarySerializer(many=True)


class TasteTotalsSerializer(Serializer):
    films = serializers.IntegerField(help_text="Films that you favored, watched or rated.")
    mean_rating = serializers.FloatField(allow_null=True)

    def get_fields(self):
        return {name: serializers.IntegerField() for name in LISTS} | super().get_fields()


class TasteGenreSerializer(Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of your films, 0 to 1.")
    catalogue_share = serializers.FloatField(
        help_text="Of all films that this site knows, up to an hour ago."
    )
    mean_rating = serializers.FloatField(allow_null=True)


class TasteDecadeSerializer(Serializer):
    decade = serializers.IntegerField(help_text="Its first year.")
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
