"""A trained item-item model, as rows that SQL can fold a user's films in with.

Rows are written under the number of a model that is not served yet; `activated_at` serves it,
all of it at once.
"""

from django.db import models
from django.db.models import CompositePrimaryKey

from movies.models import Movie


class ItemModelManager(models.Manager):
    def serving(self) -> "ItemModel | None":
        """Return the model that answers: the one that was activated last."""
        return self.filter(activated_at__isnull=False).order_by("-activated_at", "-id").first()


class ItemModel(models.Model):
    """One training run. Without `activated_at` it is unfinished, and no answer looks at it."""

    started_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict, help_text="films, users, interactions, seconds, …")

    objects = ItemModelManager()

    class Meta:
        indexes = [models.Index(fields=["-activated_at", "-id"], name="item_model_activated")]

    def __str__(self) -> str:
        return f"{self.pk}, {self.activated_at or 'unfinished'}"


class FilmScalars(models.Model):
    """What a model knows of a film alone: `b`, how well it is liked by all; `c`, what is taken
    from it for each film that a user favors, because the neighbours are stored centred.

    The foreign key keeps the film from being pruned.
    """

    model = models.ForeignKey(ItemModel, models.CASCADE, related_name="films", db_index=False)
    film = models.ForeignKey(Movie, models.CASCADE, related_name="scalars")
    b = models.FloatField()
    c = models.FloatField()
    # How many liked it, of those that the model learned from, by their weights.
    support = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "film"], name="film_scalars_once"),
        ]
        indexes = [models.Index(fields=["model", "-b"], name="film_scalars_best")]

    def __str__(self) -> str:
        return f"{self.model_id}: {self.film_id}"


class Neighbour(models.Model):
    """What a favored `film` says of an `other` one, for `short` and `long` histories.

    Whole numbers, SCALE to one. They refer to rows elsewhere without constraints, which for
    a million rows would cost more than they keep. The migration makes the table by hand, so
    that its key holds the values too.
    """

    SCALE = 20_000

    pk = CompositePrimaryKey("model", "film", "other")
    model = models.IntegerField()
    film = models.IntegerField()
    other = models.IntegerField()
    short = models.SmallIntegerField(db_column="s")
    long = models.SmallIntegerField(db_column="l")
