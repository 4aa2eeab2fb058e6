"""Keep no film longer than TMDb's terms allow."""

import sys
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from tqdm import tqdm

from movies.catalogue.movie import refetch
from movies.load import Load, LoadFailed
from movies.management.waiting import wait_to_ask
from movies.models import Movie, MovieGenre
from movies.services.health import CircuitOpen

KEPT_DAYS = 180
BATCH = 500


class Command(BaseCommand):
    help = (
        f"TMDb's terms allow keeping its content for six months. Films older than {KEPT_DAYS} days"
        " are fetched anew, within the request budget, if another table points to them, and"
        " deleted otherwise. A film that TMDb no longer has stays where it is pointed to. Exits 1"
        " if films could not be fetched."
    )

    def handle(self, *args, **options):
        limit = timezone.now() - timedelta(days=KEPT_DAYS)
        old = Movie.objects.filter(fetched_at__lt=limit)
        deleted = delete_in_batches(old.exclude(referenced()))
        wanted = old.filter(referenced(), gone_at=None).order_by("id")
        wanted = list(wanted.values_list("id", flat=True))
        failed = []
        bar = tqdm(wanted, unit="film", disable=None, file=sys.stderr)
        for place, movie_id in enumerate(bar):
            try:
                if not fetched(movie_id, limit):
                    failed.append(movie_id)
            except CircuitOpen:
                # Asking on would only wait out each pause of the breaker.
                failed += wanted[place:]
                break
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
    """Delete `films`, locked in the order in which upserts lock them; return how many."""
    deleted = 0
    while True:
        with transaction.atomic():
            batch = films.select_for_update(of=("self",)).order_by("id")[:BATCH]
            ids = [film.pk for film in batch.only("id")]
            if not ids:
                return deleted
            films.filter(id__in=ids).delete()
            deleted += len(ids)


def fetched(movie_id: int, limit: datetime) -> bool:
    """Fetch a film anew; say whether its row is newer than `limit` now, or marked as gone.

    Raises CircuitOpen.
    """
    try:
        wait_to_ask(lambda: refetch(movie_id, Load()))
    except CircuitOpen:
        raise
    except LoadFailed:
        return False
    row = Movie.objects.filter(id=movie_id)
    return row.exclude(fetched_at__lt=limit, gone_at=None).exists()
