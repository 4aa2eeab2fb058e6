"""Change the lists.

Every change is idempotent and runs in one transaction, which excludes other changes to the same
user's lists. Movies that are not in the database are fetched from TMDb before it begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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

from .kinds import MAX_ENTRIES, ListKind

OUTCOMES = ("added", "updated", "unchanged", "removed", "not_found", "unavailable")
BULK_TIMEOUT = 5  # seconds for fetching the movies of a bulk call


class ListFull(APIException):
    status_code = 409
    default_code = "list_full"
    default_detail = f"A list can have at most {MAX_ENTRIES:,} movies."


def add(*, kind: ListKind, user: User, movie_id: int, fields: dict[str, Any]) -> tuple[Entry, bool]:
    """Add a movie to a list, or change the `fields` of its entry. Return (entry, whether new).

    Raise NotFound, ListFull, ValidationError if a new entry lacks a required field, or LoadFailed
    if the movie is not in the database and TMDb does not answer.
    """
    missing = missing_fields(kind, fields)
    if missing and not kind.model.objects.filter(user=user, movie_id=movie_id).exists():
        raise ValidationError(missing)
    is_known = exists(movie_id, Load())
    with user_lock(user):
        entry = kind.model.objects.filter(user=user, movie_id=movie_id).first()
        if entry:
            if update_fields(entry, fields):
                entry.save(update_fields=list(fields))
            return entry, False
        if not is_known:
            raise NotFound
        if missing:
            raise ValidationError(missing)
        refuse_if_full(kind, user, 1)
        entry = kind.model.objects.create(
            user=user, movie_id=movie_id, added_at=timezone.now(), **fields
        )
        remove_from_other_list(kind, user, [movie_id])
    return entry, True


def remove(*, kind: ListKind, user: User, movie_id: int) -> None:
    """Remove a movie from a list. Raise NotFound."""
    with user_lock(user):
        deleted, _ = kind.model.objects.filter(user=user, movie_id=movie_id).delete()
    if not deleted:
        raise NotFound


def bulk(
    *, kind: ListKind, user: User, add: list[dict[str, Any]], remove: list[int]
) -> dict[str, list[int]]:
    """Add, change and remove many movies. Return the movie ids by outcome.

    The items of `add` have a `movie_id`, and optionally the list's own fields and `added_at`.
    Raise ListFull, or ValidationError if a new entry lacks a required field. Nothing is stored
    then.
    """
    wanted = [item["movie_id"] for item in add]
    refuse_incomplete(kind, user, add)
    throttle = OncePerFlight("user", user_key(user))
    known = fetch_missing(wanted, Load().within(BULK_TIMEOUT).in_bulk(throttle))
    result: dict[str, list[int]] = {name: [] for name in OUTCOMES}
    new, updated = [], []
    with user_lock(user):
        rows = kind.model.objects.filter(user=user, movie_id__in=[*wanted, *remove])
        present = {entry.movie_id: entry for entry in rows}
        # Again, because entries may have been removed in the meantime.
        refuse_incomplete(kind, user, add)
        now = timezone.now()
        for item in add:
            movie_id = item["movie_id"]
            if entry := present.get(movie_id):
                if update_fields(entry, {name: item[name] for name in item if name != "movie_id"}):
                    updated.append(entry)
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
        refuse_if_full(kind, user, len(new))
        kind.model.objects.bulk_create(new)
        kind.model.objects.bulk_update(updated, ["added_at", *kind.columns])
        remove_from_other_list(kind, user, result["added"])
    return result


@contextmanager
def user_lock(user: User) -> Iterator[None]:
    """Begin a transaction that excludes other changes to the user's lists.

    Raise TokenNotValid if the user has just been deleted, and ServiceUnavailable if a movie has.
    """
    try:
        with transaction.atomic():
            row = User.objects.select_for_update(no_key=True).filter(pk=user.pk)
            if not row.values_list("pk").first():
                raise TokenNotValid
            yield
    except IntegrityError as error:
        if not is_foreign_key(error):
            raise
        # `prune_movies` has just deleted the movie, which was on no list yet.
        raise ServiceUnavailable("The movie has just changed. Try again.", wait=1) from None


def is_foreign_key(error: IntegrityError) -> bool:
    """Return whether a foreign key was violated."""
    # SQLite checks foreign keys at the commit, and its error then has no specific code.
    code = getattr(error.__cause__, "pgcode", None)
    return code == FOREIGN_KEY_VIOLATION or "FOREIGN KEY" in str(error)


def refuse_incomplete(kind: ListKind, user: User, add: list[dict[str, Any]]) -> None:
    """Raise ValidationError if new entries of a bulk call lack required fields."""
    missing = [missing_fields(kind, item) for item in add]
    if not any(missing):
        return
    wanted = [item["movie_id"] for item in add]
    present = set(
        kind.model.objects.filter(user=user, movie_id__in=wanted).values_list("movie_id", flat=True)
    )
    missing = [{} if n in present else each for n, each in zip(wanted, missing)]
    if any(missing):
        raise ValidationError({"add": missing})


def missing_fields(kind: ListKind, fields: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
    """Return an error for each required field that is missing."""
    return {
        name: [ErrorDetail("This field is required.", "required")]
        for name in kind.required
        if name not in fields
    }


def update_fields(entry: Entry, fields: dict[str, Any]) -> bool:
    """Set the fields of an entry. Return whether any has changed."""
    new = {name: value for name, value in fields.items() if getattr(entry, name) != value}
    for name, value in new.items():
        setattr(entry, name, value)
    return bool(new)


def refuse_if_full(kind: ListKind, user: User, added: int) -> None:
    """Raise ListFull if the list has no room for `added` more movies."""
    if added and kind.model.objects.filter(user=user).count() + added > MAX_ENTRIES:
        raise ListFull


def remove_from_other_list(kind: ListKind, user: User, movie_ids: list[int]) -> None:
    """Remove movies from the list that additions to `kind` take them off."""
    if kind.removes_from:
        kind.removes_from.objects.filter(user=user, movie_id__in=movie_ids).delete()
