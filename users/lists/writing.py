"""Changes of the lists: idempotent, each one transaction, one writer of a user's at a time.

A film that the database does not know is asked of the catalogue before the transaction begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg2.errorcodes import FOREIGN_KEY_VIOLATION
from rest_framework.exceptions import APIException, ErrorDetail, NotFound, ValidationError

from movie_recommendation_backend.http.errors import ServiceUnavailable
from movie_recommendation_backend.http.throttling import user_key
from movies.catalogue.movie import exists, fetch_missing
from movies.load import Load
from movies.throttles import OncePerFlight
from users.accounts.tokens import TokenNotValid
from users.models import Entry, User

from .kinds import MOST_ENTRIES, ListKind

OUTCOMES = ("added", "updated", "unchanged", "removed", "not_found", "unavailable")
LONGEST_BULK = 5  # seconds that the catalogue may be asked for the films of one bulk call


class ListFull(APIException):
    status_code = 409
    default_code = "list_full"
    default_detail = f"A list holds at most {MOST_ENTRIES:,} films."


def add(*, kind: ListKind, user: User, movie_id: int, fields: dict) -> tuple[Entry, bool]:
    """Put a film on a list, or change its `fields` there; return the entry and whether it is new.

    Raises NotFound, ListFull, ValidationError where a new entry lacks a field, and TMDbError
    where the catalogue had to be asked and could not.
    """
    lacking = missing_fields(kind, fields)
    if lacking and not kind.model.objects.filter(user=user, movie_id=movie_id).exists():
        raise ValidationError(lacking)
    is_known = exists(movie_id, Load())
    with alone(user):
        entry = kind.model.objects.filter(user=user, movie_id=movie_id).first()
        if entry:
            if changed(entry, fields):
                entry.save(update_fields=list(fields))
            return entry, False
        if not is_known:
            raise NotFound
        if lacking:
            raise ValidationError(lacking)
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
    ListFull, or ValidationError where a new entry lacks a field; then nothing is stored.
    """
    wanted = [item["movie_id"] for item in add]
    refuse_incomplete(kind, user, add)
    throttle = OncePerFlight("user", user_key(user))
    known = fetch_missing(wanted, Load().within(LONGEST_BULK).in_bulk(throttle))
    result = {name: [] for name in OUTCOMES}
    new, renewed = [], []
    with alone(user):
        rows = kind.model.objects.filter(user=user, movie_id__in=[*wanted, *remove])
        present = {entry.movie_id: entry for entry in rows}
        # Once more: what was on the list may be gone.
        refuse_incomplete(kind, user, add)
        now = timezone.now()
        for item in add:
            movie_id = item["movie_id"]
            if entry := present.get(movie_id):
                if changed(entry, {name: item[name] for name in item if name != "movie_id"}):
                    renewed.append(entry)
                    result["updated"].append(movie_id)
                else:
                    result["unchanged"].append(movie_id)
            elif movie_id not in known:
                result["unavailable"].append(movie_id)
            elif not known[movie_id]:
                result["not_found"].append(movie_id)
            else:
                new.append(kind.model(user=user, **{"added_at": now} | item))
                result["added"].append(movie_id)
        for movie_id in remove:
            result["removed" if movie_id in present else "not_found"].append(movie_id)
        rows.filter(movie_id__in=result["removed"]).delete()
        refuse_beyond_limit(kind, user, len(new))
        kind.model.objects.bulk_create(new)
        kind.model.objects.bulk_update(renewed, ["added_at", *kind.columns])
        take_off(kind, user, result["added"])
    return result


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
    except IntegrityError as error:
        if not is_foreign_key(error):
            raise
        # The film was deleted just now: `prune_movies` saw it on no list yet.
        raise ServiceUnavailable("The film changed just now; try again.", wait=1) from None


def is_foreign_key(error: IntegrityError) -> bool:
    # SQLite checks at the commit, and has no code of its own for it then.
    code = getattr(error.__cause__, "pgcode", None)
    return code == FOREIGN_KEY_VIOLATION or "FOREIGN KEY" in str(error)


def refuse_incomplete(kind: ListKind, user: User, add: list[dict]) -> None:
    """Raise ValidationError if entries of a bulk call are new and lack a field."""
    lacking = [missing_fields(kind, item) for item in add]
    if not any(lacking):
        return
    wanted = [item["movie_id"] for item in add]
    there = set(
        kind.model.objects.filter(user=user, movie_id__in=wanted).values_list("movie_id", flat=True)
    )
    lacking = [{} if n in there else each for n, each in zip(wanted, lacking)]
    if any(lacking):
        raise ValidationError({"add": lacking})


def missing_fields(kind: ListKind, fields: dict) -> dict[str, list[str]]:
    """Return what a new entry lacks, as errors by field."""
    return {
        name: [ErrorDetail("This field is required.", "required")]
        for name in kind.required
        if name not in fields
    }


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
