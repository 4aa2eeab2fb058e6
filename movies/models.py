"""Movies as TMDb last sent them, which users' lists refer to and the catalogue falls back on.

The columns have room for TMDb's oddities, such as titles of 400 characters and runtimes of 51,420
minutes. Only `movies.store` writes rows.
"""

from django.db import models


class Genre(models.Model):
    """A genre under its TMDb id, with its name in TMDB_LANGUAGE."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.TextField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
