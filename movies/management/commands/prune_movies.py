"""Refetch or delete the movies that have been kept for longer than TMDb's terms allow."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from tqdm import tqdm

from movies.catalogue.movie import refetch
from movies.load import Load, LoadFailed
from movies.management.waiting import wait_to_ask
from movies.models import Movie
from movies.services.health import CircuitOpen
from movies.store.references import references

KEPT_DAYS = 180
BATCH = 500


class Command(BaseCommand):
    help = (
        "TMDb's terms allow its content to be kept for six months. Movies that were fetched more"
        f" than {KEPT_DAYS} days ago are refetched, within the request budget, if other tables"
        " refer to them; all others are deleted. Movies that TMDb has deleted are kept if other"
        " tables refer to them. Exits with status 1 if movies could not be refetched."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        limit = timezone.now() - timedelta(days=KEPT_DAYS)
        old = Movie.objects.filter(fetched_at__lt=limit)
        deleted = 0
        movie_ids: list[int] = []
        for batch in batches(old):
            deleted += delete_unreferenced(old.filter(id__in=batch))
            in_use = old.filter(id__in=batch, gone_at=None).order_by("id")
            movie_ids += in_use.values_list("id", flat=True)
        failed = []
        bar = tqdm(movie_ids, unit="movie", disable=None, file=sys.stderr)
        for place, movie_id in enumerate(bar):
            try:
                if not refetch_movie(movie_id, limit):
                    failed.append(movie_id)
            except CircuitOpen:
                # Otherwise each remaining movie would wait for the circuit breaker.
                failed += movie_ids[place:]
                break
        refetched = len(movie_ids) - len(failed)
        self.stdout.write(f"Movies deleted: {deleted}. Movies refetched: {refetched}.")
        if failed:
            names = ", ".join(map(str, failed))
            raise CommandError(f"{len(failed)} could not be refetched: {names}")


def batches(movies: QuerySet[Movie]) -> Iterator[list[int]]:
    """Yield the ids of `movies` in ascending order, BATCH at a time.

    For a batch, the database looks references up in indexes. For all movies at once, it would read
    the users' lists whole.
    """
    last = 0
    in_order = movies.order_by("id").values_list("id", flat=True)
    while ids := list(in_order.filter(id__gt=last)[:BATCH]):
        yield ids
        last = ids[-1]


def referenced() -> Q:
    """Return the condition that a row of another table refers to the movie."""
    condition = Q(pk__in=[])
    for relation in references():
        rows = relation.related_model._default_manager
        condition |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return condition


def delete_unreferenced(movies: QuerySet[Movie]) -> int:
    """Delete those of `movies` that no other table refers to, and return how many.

    The rows are locked in order of their ids, as `movies.store.writing` locks them.
    """
    unused = movies.exclude(referenced())
    with transaction.atomic():
        locked = unused.select_for_update(of=("self",)).order_by("id")
        ids = [movie.pk for movie in locked.only("id")]
        # A reference may have been added before the lock was held.
        _, deleted = unused.filter(id__in=ids).delete()
    return deleted.get(Movie._meta.label, 0)


def refetch_movie(movie_id: int, limit: datetime) -> bool:
    """Refetch a movie, and return whether its row is now newer than `limit` or marked as gone.

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
