"""`/api/movies/genres/`."""

from typing import Any

from rest_framework import serializers

from movies import questions
from movies.cache.answers import Answer
from movies.catalogue.genres import genres

from .summary import GenreSerializer
from .views import ListView


class GenreListSerializer(serializers.Serializer):
    genres = GenreSerializer(many=True)


class GenresView(ListView):
    """The genres of movies, by name."""

    question = questions.GENRES
    operation_id = "movies_genres"
    summary = "Genres"
    answers = GenreListSerializer

    def answer(self, **values: Any) -> Answer:
        return genres(self.load, **values)
