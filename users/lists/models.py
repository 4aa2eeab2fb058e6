"""The five lists. Each has a row for every movie that a user has put on it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from movies.models import Movie


class Entry(models.Model):
    """A movie on one of a user's lists.

    A movie on a list cannot be deleted. `prune_movies` fetches it again instead.
    """

    # Declared for mypy: only subclasses have a manager, but code for all lists uses it.
    objects: ClassVar[models.Manager[Self]]

    # No index of its own: the index below starts with the user.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    movie = models.ForeignKey(Movie, models.PROTECT)
    added_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["user", "movie"], name="%(class)s_once"),
        ]
        indexes = [
            # The default order of the lists.
            models.Index(fields=["user", "-added_at", "-movie"], name="%(class)s_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.movie_id}"


class FavoriteMovie(Entry):
    """A movie that the user loves."""


class Watchlist(Entry):
    """A movie that the user wants to watch."""

    class Meta(Entry.Meta):
        verbose_name = "watchlist entry"
        verbose_name_plural = "watchlist entries"


class WatchedMovie(Entry):
    """A movie that the user has watched, with the date and the number of times."""

    watched_on = models.DateField(null=True, blank=True)
    plays = models.PositiveIntegerField(default=1)

    class Meta(Entry.Meta):
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=models.Q(plays__gte=1), name="watched_at_least_once"),
        ]


class Rating(Entry):
    """The user's rating of a movie, from 1 to 10."""

    rating = models.PositiveSmallIntegerField()

    class Meta(Entry.Meta):
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=10), name="rating_from_1_to_10"
            ),
        ]


class HiddenMovie(Entry):
    """A movie that is never recommended to the user."""
