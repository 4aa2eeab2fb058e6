"""Movies as TMDb last sent them, which users' lists refer to and the catalogue falls back on.

The columns have room for TMDb's oddities, such as titles of 400 characters and runtimes of 51,420
minutes. Only `movies.store` writes rows.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, Left

# PostgreSQL cannot index values longer than 2704 bytes, and folding can lengthen a title tenfold.
SORTED_LETTERS = 200


class Genre(models.Model):
    """A genre under its TMDb id, with its name in TMDB_LANGUAGE."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.TextField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def title_key(path: str = "folded_title") -> Left:
    """Return what movies are sorted by to sort them by title."""
    return Left(path, SORTED_LETTERS)


def known_or(otherwise: Any, path: str) -> Coalesce:
    """Return what movies are sorted by to sort them by a column that can be null.

    Its index serves "nulls last" in either direction, on SQLite too, which cannot index NULLS LAST.
    """
    return Coalesce(path, Value(otherwise))


# What unknown values are sorted as in ascending and in descending order, so that they come last.
LAST_DATES = (date.max, date.min)
LAST_RATINGS = (11.0, -1.0)


class Movie(models.Model):
    """A movie under its TMDb id, in TMDB_LANGUAGE and with its primary release date.

    A row is provisional if it was first seen in another language or with another country's release
    date. The next answer in TMDB_LANGUAGE completes it.
    """

    id = models.PositiveIntegerField(primary_key=True, help_text="TMDb id")
    title = models.TextField()
    folded_title = models.TextField(editable=False)
    original_title = models.TextField(null=True)
    original_language = models.CharField(max_length=10, null=True)
    overview = models.TextField(null=True)
    release_date = models.DateField(null=True)
    poster_path = models.TextField(null=True)
    backdrop_path = models.TextField(null=True)
    popularity = models.FloatField(null=True)
    vote_average = models.FloatField(null=True)
    vote_count = models.PositiveBigIntegerField(null=True)
    genres = models.ManyToManyField(Genre, through="MovieGenre", related_name="movies")

    imdb_id = models.CharField(max_length=12, null=True)
    runtime = models.PositiveIntegerField(null=True, help_text="minutes")
    details = models.JSONField(
        null=True,
        editable=False,
        help_text="The rest of a MovieDetail, without what changes by region; null until asked.",
    )

    is_provisional = models.BooleanField(default=False)
    fetched_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, help_text="since when TMDb has no such film")

    class Meta:
        indexes = [
            models.Index(fields=["-popularity"], name="movie_popularity"),
            models.Index(fields=["-vote_average"], name="movie_vote_average"),
            models.Index(fields=["imdb_id"], name="movie_imdb_id"),
            models.Index(fields=["fetched_at"], name="movie_fetched_at"),
            # The orders of the lists. For a long list, PostgreSQL walks one of them and looks each
            # movie up in the list, instead of sorting the list.
            models.Index(title_key(), "id", name="movie_by_title"),
            models.Index(known_or(LAST_DATES[0], "release_date"), "id", name="movie_by_date"),
            models.Index(known_or(LAST_DATES[1], "release_date"), "id", name="movie_by_date_desc"),
            models.Index(known_or(LAST_RATINGS[0], "vote_average"), "id", name="movie_by_rating"),
            models.Index(
                known_or(LAST_RATINGS[1], "vote_average"), "id", name="movie_by_rating_desc"
            ),
        ]

    def __str__(self) -> str:
        year = f" ({self.release_date.year})" if self.release_date else ""
        return f"{self.title}{year}"


class MovieGenre(models.Model):
    """A genre of a movie. `position` is its place in TMDb's order, the main genre first."""

    movie = models.ForeignKey(Movie, models.CASCADE, related_name="movie_genres")
    genre = models.ForeignKey(Genre, models.CASCADE, related_name="movie_genres")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["movie", "genre"], name="unique_movie_genre"),
        ]

    def __str__(self) -> str:
        return f"{self.movie_id}: {self.genre_id}"
