"""The five lists: one row for a user's film on each."""

from django.conf import settings
from django.db import models

from movies.models import Movie


class Entry(models.Model):
    """A film on one of a user's lists.

    A film that is on a list cannot be deleted: `prune_movies` fetches it anew instead.
    """

    # The index below begins with the user.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    movie = models.ForeignKey(Movie, models.PROTECT)
    added_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["user", "movie"], name="%(class)s_once"),
        ]
        indexes = [
            # Newest first, as the lists are read.
            models.Index(fields=["user", "-added_at", "-movie"], name="%(class)s_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.movie_id}"


class FavoriteMovie(Entry):
    """A film that the user loves."""


class Watchlist(Entry):
    """A film that the user wants to see."""

    class Meta(Entry.Meta):
        verbose_name = "watchlist entry"
        verbose_name_plural = "watchlist entries"


class WatchedMovie(Entry):
    """A film that the user has seen, when and how often."""

    watched_on = models.DateField(null=True, blank=True)
    plays = models.PositiveIntegerField(default=1)

    class Meta(Entry.Meta):
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=models.Q(plays__gte=1), name="watched_at_least_once"),
        ]


class Rating(Entry):
    """What the user thinks of a film, from 1 to 10."""

    rating = models.PositiveSmallIntegerField()

    class Meta(Entry.Meta):
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=10), name="rating_from_1_to_10"
            ),
        ]


class HiddenMovie(Entry):
    """A film that is never to be recommended to the user."""
