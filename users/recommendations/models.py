"""The trained item-item model, stored as rows that SQL combines with a user's feedback.

Training writes its rows under the id of a model that is not served yet. Setting `activated_at`
then switches every answer to the new model at once.
"""

from django.db import models
from django.db.models import CompositePrimaryKey

from movies.models import Movie


class ItemModelManager(models.Manager["ItemModel"]):
    def serving(self) -> "ItemModel | None":
        """Return the model activated last, or None before the first training."""
        return self.filter(activated_at__isnull=False).order_by("-activated_at", "-id").first()


class ItemModel(models.Model):
    """One training run. Without `activated_at` it is unfinished and never served."""

    started_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict, help_text="films, users, interactions, seconds, …")

    objects = ItemModelManager()

    class Meta:
        indexes = [models.Index(fields=["-activated_at", "-id"], name="item_model_activated")]

    def __str__(self) -> str:
        return f"{self.pk}, {self.activated_at or 'unfinished'}"


class FilmScalars(models.Model):
    """A movie's item bias in one model.

    `b` is the bias: how well all users like the movie. Neighbours are stored as differences from
    their mean, and `c` is that mean: it is added once for each favorite.

    The foreign key also keeps `prune_movies` from deleting the movie.
    """

    model = models.ForeignKey(ItemModel, models.CASCADE, related_name="films", db_index=False)
    film = models.ForeignKey(Movie, models.CASCADE, related_name="scalars")
    b = models.FloatField()
    c = models.FloatField()
    # The number of users in the training data who like the movie, weighted and rounded.
    support = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "film"], name="film_scalars_once"),
        ]
        indexes = [models.Index(fields=["model", "-b"], name="film_scalars_best")]

    def __str__(self) -> str:
        return f"{self.model_id}: {self.film_id}"


class Neighbour(models.Model):
    """What a favorite `film` adds to the score of an `other` movie.

    `short` and `long` belong to the models for short and long histories. Both are integers, in
    units of 1/SCALE.

    The ids are plain integers because foreign keys would cost more than they protect in a table
    of millions of rows. The migration creates the table by hand so that its primary key covers
    the values as well.
    """

    SCALE = 20_000

    pk = CompositePrimaryKey("model", "film", "other")
    model = models.IntegerField()
    film = models.IntegerField()
    other = models.IntegerField()
    short = models.SmallIntegerField(db_column="s")
    long = models.SmallIntegerField(db_column="l")
