"""Which rows of other tables refer to movies."""

from django.db.models import ManyToOneRel

from movies.models import Movie, MovieGenre


def references() -> list[ManyToOneRel]:
    """Return the relations through which other apps refer to movies.

    They are found through Movie, because this app must not import other apps.
    """
    return [
        relation
        for relation in Movie._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel) and relation.related_model is not MovieGenre
    ]
