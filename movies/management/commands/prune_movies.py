"""Keep no film longer than TMDb's terms allow."""

import sys
import time
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from tqdm import tqdm

from movies import catalogue
from movies.models import Movie, MovieGenre
from movies.services.exceptions import TMDbError, TMDbNotAsked

KEPT_DAYS = 180
BATCH = 500
PATIENCE = 60  # seconds that a film waits for the request budget, in all


class Command(BaseCommand):
    help = (
        f"TMDb's terms allow keeping its content for six months. Films older than {KEPT_DAYS} days"
        " are fetched anew, within the request budget, if another table points to them, and"
        " deleted otherwise. A film that TMDb no longer has stays where it is pointed to. Exits 1"
        " if films could not be fetched."
    )

    def handle(self, *args, **options):
        old = Movie.objects.filter(fetched_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
        deleted = delete_in_batches(old.exclude(referenced()))
        wanted = list(
            old.filter(referenced(), gone_at=None).order_by("id").values_list("id", flat=True)
        )
        failed = [
            movie_id
            for movie_id in tqdm(wanted, unit="film", disable=None, file=sys.stderr)
            if not fetched(movie_id)
        ]
        self.stdout.write(f"{deleted} films deleted, {len(wanted) - len(failed)} fetched anew.")
        if failed:
            raise CommandError(f"{len(failed)} could not be fetched: {', '.join(map(str, failed))}")


def referenced() -> Q:
    """Return the condition that a row of another table points to the film.

    Asked of the model, so that this app need not know who keeps films.
    """
    condition = Q(pk__in=[])
    for relation in Movie._meta.get_fields(include_hidden=True):
        points_here = relation.one_to_many or relation.one_to_one
        if relation.auto_created and points_here and relation.related_model is not MovieGenre:
            rows = relation.related_model._default_manager.filter(
                **{relation.field.name: OuterRef("pk")}
            )
            condition |= Q(Exists(rows))
    return condition


def delete_in_batches(films: QuerySet[Movie]) -> int:
    deleted = 0
    while ids := list(films.order_by("id").values_list("id", flat=True)[:BATCH]):
        films.filter(id__in=ids).delete()
        deleted += len(ids)
    return deleted


def fetched(movie_id: int) -> bool:
    """Fetch a film anew; say whether its row is now new, or marked as gone."""
    waited = 0.0
    while True:
        try:
            catalogue.refetch(movie_id)
            return True
        except TMDbNotAsked as error:
            wait = error.retry_after or PATIENCE
        except TMDbError:
            return False
        if waited + wait > PATIENCE:
            return False
        waited += wait
        time.sleep(wait)
