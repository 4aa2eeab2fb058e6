"""A movie as it appears in lists, and a page of movies."""

from rest_framework import serializers

from movies.tmdb import LAST_PAGE


class GenreSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class MovieSummarySerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="TMDB id.")
    title = serializers.CharField()
    original_title = serializers.CharField(allow_null=True)
    original_language = serializers.CharField(allow_null=True)
    overview = serializers.CharField(allow_null=True)
    release_date = serializers.DateField(allow_null=True)
    genres = GenreSerializer(many=True)
    poster_path = serializers.CharField(allow_null=True)
    poster_url = serializers.URLField(allow_null=True)
    backdrop_path = serializers.CharField(allow_null=True)
    backdrop_url = serializers.URLField(allow_null=True)
    popularity = serializers.FloatField(allow_null=True)
    vote_average = serializers.FloatField(
        allow_null=True, help_text="0 to 10; null while nobody has voted."
    )
    vote_count = serializers.IntegerField(allow_null=True)


class MoviePageSerializer(serializers.Serializer):
    page = serializers.IntegerField(min_value=1, max_value=LAST_PAGE)
    total_pages = serializers.IntegerField(min_value=0, max_value=LAST_PAGE)
    total_results = serializers.IntegerField(min_value=0)
    results = MovieSummarySerializer(many=True)
