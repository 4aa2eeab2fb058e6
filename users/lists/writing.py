"""Changes of the lists: idempotent, each one transaction, one writer of a user's at a time.

A film that the database does not know is asked of the catalogue before the transaction begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.exceptions import APIException, NotFound

from movie_recommendation_backend.errors import ServiceUnavailable
from movies import catalogue
from movies.services.exceptions import TMDbError
from movies.services.transport import load_within
from users.models import Entry, User
from users.tokens import TokenNotValid

from .kinds import MOST_ENTRIES, ListKind

LONGEST_BULK = 5  # seconds that the catalogue may be asked for the films of one bulk call


class ListFull(APIException):
    status_code = 409
    default_code = "list_full"
    default_detail = f"A list holds at most {MOST_ENTRIES:,} films."


def add(*, kind: ListKind, user: User, movie_id: int, fields: dict) -> tuple[Entry, bool]:
    """Put a film on a list, or change its `fields` there; return the entry and whether it is new.

    Raises NotFound, ListFull, and TMDbError where the catalogue had to be asked and could not.
    """
    exists = catalogue.exists(movie_id)
    with alone(user):
        entry = kind.model.objects.filter(user=user, movie_id=movie_id).first()
        if entry:
            if changed(entry, fields):
                entry.save(update_fields=list(fields))
            return entry, False
        if not exists:
            raise NotFound
        refuse_beyond_limit(kind, user, 1)
        entry = kind.model.objects.create(
            user=user, movie_id=movie_id, added_at=timezone.now(), **fields
        )
        take_off(kind, user, [movie_id])
    return entry, True


def remove(*, kind: ListKind, user: User, movie_id: int) -> None:
    """Take a film off a list. Raises NotFound."""
    with alone(user):
        deleted, _ = kind.model.objects.filter(user=user, movie_id=movie_id).delete()
    if not deleted:
        raise NotFound


def bulk(*, kind: ListKind, user: User, add: list[dict], remove: list[int]) -> dict[str, list[int]]:
    """Add, change and remove many films; return ids by what became of them.

    `add` holds dicts of `movie_id`, the list's fields, and an `added_at` that is kept. Raises
    ListFull, and then nothing is stored.
    """
    wanted = [item["movie_id"] for item in add]
    known, unavailable = obtain(wanted)
    result = {name: [] for name in ("added", "updated", "unchanged", "removed", "not_found")}
    result["unavailable"] = unavailable
    new, renewed = [], []
    with alone(user):
        rows = kind.model.objects.filter(user=user, movie_id__in=[*wanted, *remove])
        present = {entry.movie_id: entry for entry in rows}
        now = timezone.now()
        for item in add:
            movie_id = item["movie_id"]
            if entry := present.get(movie_id):
                if changed(entry, {name: item[name] for name in item if name != "movie_id"}):
                    renewed.append(entry)
                    result["updated"].append(movie_id)
                else:
                    result["unchanged"].append(movie_id)
            elif known.get(movie_id):
                new.append(kind.model(user=user, **{"added_at": now} | item))
                result["added"].append(movie_id)
            elif movie_id not in unavailable:
                result["not_found"].append(movie_id)
        for movie_id in remove:
            result["removed" if movie_id in present else "not_found"].append(movie_id)
        rows.filter(movie_id__in=result["removed"]).delete()
        refuse_beyond_limit(kind, user, len(new))
        kind.model.objects.bulk_create(new)
        kind.model.objects.bulk_update(renewed, ["added_at", *kind.columns])
        take_off(kind, user, result["added"])
    return result


def obtain(movie_ids: list[int]) -> tuple[dict[int, bool], list[int]]:
    """Have the films stored that can be had.

    Returns {id: TMDb has it}, and the ids that the catalogue could not be asked for.
    """
    known = catalogue.stored(movie_ids)
    unavailable = []
    with load_within(LONGEST_BULK):
        for movie_id in movie_ids:
            if movie_id not in known:
                try:
                    known[movie_id] = catalogue.exists(movie_id)
                except TMDbError:
                    unavailable.append(movie_id)
    return known, unavailable


@contextmanager
def alone(user: User) -> Iterator[None]:
    """One transaction, in which nobody else writes this user's lists."""
    try:
        with transaction.atomic():
            row = User.objects.select_for_update(no_key=True).filter(pk=user.pk)
            if not row.values_list("pk").first():
                # Deleted just now.
                raise TokenNotValid
            yield
    except IntegrityError:
        # The film was deleted just now: `prune_movies` saw it on no list yet.
        raise ServiceUnavailable("The film changed just now; try again.", wait=1) from None


def changed(entry: Entry, fields: dict) -> bool:
    """Set the fields of an entry; say whether any is new."""
    new = {name: value for name, value in fields.items() if getattr(entry, name) != value}
    for name, value in new.items():
        setattr(entry, name, value)
    return bool(new)


def refuse_beyond_limit(kind: ListKind, user: User, more: int) -> None:
    if more and kind.model.objects.filter(user=user).count() + more > MOST_ENTRIES:
        raise ListFull


def take_off(kind: ListKind, user: User, movie_ids: list[int]) -> None:
    if kind.takes_off:
        kind.takes_off.objects.filter(user=user, movie_id__in=movie_ids).delete()
