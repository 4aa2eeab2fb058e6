"""The shapes of the catalogue's answers."""

from rest_framework import serializers


class GenreSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GenreListSerializer(serializers.Serializer):
    genres = GenreSerializer(many=True)


class MovieSummarySerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="TMDb id.")
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
    page = serializers.IntegerField(min_value=1, max_value=500)
    total_pages = serializers.IntegerField(min_value=0, max_value=500)
    total_results = serializers.IntegerField(min_value=0)
    results = MovieSummarySerializer(many=True)


class CountrySerializer(serializers.Serializer):
    code = serializers.CharField(help_text="ISO 3166-1.")
    name = serializers.CharField()


class LanguageSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="ISO 639-1, with TMDb's additions such as `cn`.")
    name = serializers.CharField()


class CollectionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    poster_url = serializers.URLField(allow_null=True)
    backdrop_url = serializers.URLField(allow_null=True)


class KeywordSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class DirectorSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    profile_url = serializers.URLField(allow_null=True)


class CastMemberSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    character = serializers.CharField(allow_null=True)
    order = serializers.IntegerField(help_text="Place in the billing, from 0.")
    profile_url = serializers.URLField(allow_null=True)


class TrailerSerializer(serializers.Serializer):
    name = serializers.CharField(allow_null=True)
    site = serializers.ChoiceField(["YouTube", "Vimeo"])
    key = serializers.CharField()
    url = serializers.URLField()
    official = serializers.BooleanField()


class ProviderSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    logo_url = serializers.URLField(allow_null=True)


class WatchProvidersSerializer(serializers.Serializer):
    link = serializers.URLField(allow_null=True)
    flatrate = ProviderSerializer(many=True)
    free = ProviderSerializer(many=True)
    ads = ProviderSerializer(many=True)
    rent = ProviderSerializer(many=True)
    buy = ProviderSerializer(many=True)


class MovieDetailSerializer(MovieSummarySerializer):
    overview_language = serializers.CharField(
        allow_null=True, help_text="The language that the overview is in."
    )
    tagline = serializers.CharField(allow_null=True)
    imdb_id = serializers.CharField(allow_null=True)
    runtime = serializers.IntegerField(allow_null=True, help_text="Minutes.")
    status = serializers.CharField(allow_null=True)
    homepage = serializers.URLField(allow_null=True)
    budget = serializers.IntegerField(allow_null=True, help_text="US dollars.")
    revenue = serializers.IntegerField(allow_null=True, help_text="US dollars.")
    production_countries = CountrySerializer(many=True)
    spoken_languages = LanguageSerializer(many=True)
    collection = CollectionSerializer(allow_null=True)
    keywords = KeywordSerializer(many=True)
    directors = DirectorSerializer(many=True)
    cast = CastMemberSerializer(many=True, help_text="The first 20 in billing order.")
    trailers = TrailerSerializer(
        many=True, help_text="In the asked language first, then the film's own and English."
    )
    certification = serializers.CharField(allow_null=True, help_text="That of `region`.")
    watch_providers = WatchProvidersSerializer(
        allow_null=True, help_text="Those of `region`, by JustWatch."
    )
