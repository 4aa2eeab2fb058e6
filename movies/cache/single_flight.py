"""Answer a question cache-first, loading it at most once at a time, wherever that is."""

import json
import logging
import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.db import Error as DatabaseFailure

from movie_recommendation_backend.http.errors import error_body
from movies.limits import ClientLimited, charge
from movies.services import budget
from movies.services.exceptions import TMDbError, TMDbNotAsked, TMDbNotFound
from movies.services.transport import SHORTEST_EXCHANGE, load_ends_at, load_within

from . import counts, documents
from .backends import Backend, CacheAway, local, shared
from .documents import Document, Key

logger = logging.getLogger(__name__)

LONGEST_LOAD = 10.5  # seconds for all that a load asks TMDb
# A live load never outlives its lock; a dead worker's lock is in the way no longer than this.
LOCK_SECONDS = 12
# Seconds that a request waits for others: for a dead worker's lock, then for the next load.
LONGEST_WAIT = LOCK_SECONDS + LONGEST_LOAD + 0.5
FIRST_POLL, LAST_POLL = 0.005, 0.1  # seconds between looks, doubling
OUTCOME_SECONDS = 5  # how long the waiters of a flight can learn how it ended

NOT_FOUND = error_body("client_error", "not_found", "Not found.")


class Source(Enum):
    """Where an answer came from."""

    HIT = "hit"
    STALE = "stale"
    STORED = "stored"
    # Loaded, but not good enough to keep.
    UNSTORED = "unstored"
    DATABASE = "database"


@dataclass(frozen=True)
class Answer:
    """A document, where it came from, and the error of a load that should have renewed it."""

    document: Document
    source: Source
    error: TMDbError | None = None


@dataclass(frozen=True)
class Loaded:
    """What a load brought: a JSON-ready body, whether it is good enough to be kept, and what is
    to be done about it once nobody waits for it any more.
    """

    body: dict
    storable: bool = True
    afterwards: Callable[[], None] = lambda: None


def answer(
    key: Key,
    load: Callable[[], Loaded],
    *,
    database: Callable[[], dict | None] | None = None,
    refresh_below: float = 0,
) -> Answer:
    """Answer a question cache-first.

    `load` asks TMDb: it is called by at most one request at a time, wherever it runs.
    `database` is the last resort, and may know nothing. A document with `refresh_below`
    seconds of freshness left, or fewer, counts as stale.

    Raises the TMDbError of a load that failed where nothing else could answer.
    """
    loaded: list[Loaded] = []

    def remembered_load() -> Loaded:
        loaded.append(load())
        return loaded[-1]

    try:
        found = _answer(shared(), key, remembered_load, refresh_below)
    except CacheAway:
        found = _answer(local(), key, remembered_load, refresh_below)
    for each in loaded:
        each.afterwards()
    if isinstance(found, TMDbError):
        body = _ask_database(database)
        if body is None:
            raise found
        found = Answer(Document.of(key.group, body), Source.DATABASE, found)
    counts.count(key.group, found.source.value)
    return found


def _ask_database(database: Callable[[], dict | None] | None) -> dict | None:
    try:
        return database() if database else None
    except DatabaseFailure as error:
        logger.warning("The database is away too: %s", type(error).__name__)
        return None


def fresh(key: Key, refresh_below: float = 0) -> Answer | None:
    """Answer from a fresh document, or not at all."""
    document = kept(key)
    if document is None or document.seconds_fresh <= refresh_below:
        return None
    counts.count(key.group, Source.HIT.value)
    return Answer(document, Source.HIT)


def kept(key: Key) -> Document | None:
    """Return what is kept, fresh or stale."""
    try:
        return Document.unpack(shared().get(str(key)))
    except CacheAway:
        return Document.unpack(local().get(str(key)))


def keep(key: Key, document: Document, seconds: float | None = None) -> None:
    """Keep a document that was made on the way to another answer, `seconds` if not for long."""
    try:
        _keep(shared(), key, document, seconds)
    except CacheAway:
        _keep(local(), key, document, seconds)


def _keep(backend: Backend, key: Key, document: Document, seconds: float | None = None) -> None:
    backend.set(str(key), document.pack(), seconds or document.kept_until - documents.now())


def _answer(
    backend: Backend, key: Key, load: Callable[[], Loaded], refresh_below: float
) -> Answer | TMDbError:
    """Answer from `backend`, loading where it must; the load's error is returned, not raised."""
    give_up_at = min(time.monotonic() + LONGEST_WAIT, load_ends_at())
    pause = FIRST_POLL
    token = uuid.uuid4().bytes
    lock = f"lock:{key}"
    waited_for: bytes | None = None
    while True:
        packed, holder = backend.get_many([str(key), lock])
        document = Document.unpack(packed)
        # Whoever waited takes what came, however short it will be fresh.
        if document and document.seconds_fresh > (0 if waited_for else refresh_below):
            return Answer(document, Source.HIT)
        if waited_for and holder != waited_for:
            outcome = _read_outcome(backend, waited_for)
            if outcome is not None:
                return outcome
        # A lock that was set although Redis seemed not to answer is ours all the same.
        if holder == token or holder is None and backend.add(lock, token, LOCK_SECONDS):
            try:
                return _load_alone(backend, key, load, refresh_below, token)
            finally:
                backend.delete_if(lock, token)
        if document:
            return _as_it_is(document)
        if time.monotonic() >= give_up_at:
            return TMDbNotAsked("The answer that another request asked for did not come.")
        waited_for = holder or waited_for
        time.sleep(pause)
        pause = min(LAST_POLL, pause * 2)


def _load_alone(
    backend: Backend, key: Key, load: Callable[[], Loaded], refresh_below: float, token: bytes
) -> Answer | TMDbError:
    """Load as the holder of the lock, keep what came, and tell the waiters how it ended."""
    # Between the look and the lock another request may have loaded.
    old = Document.unpack(backend.get(str(key)))
    if old and old.seconds_fresh > refresh_below:
        return Answer(old, Source.HIT)
    if load_ends_at() - time.monotonic() < SHORTEST_EXCHANGE:
        # Nothing will be asked, so that nobody is charged.
        error = TMDbNotAsked("No time is left to ask TMDb.")
        return _as_it_is(old, error) if old else error
    try:
        charge()
    except ClientLimited as error:
        # Those who wait are not told: each may still ask for itself.
        return _as_it_is(old, error) if old else error
    # A load in bulk has less time and budget than others have: it fails for itself alone.
    fails_for_all = load_ends_at() == math.inf
    try:
        with load_within(LONGEST_LOAD), budget.one_patience():
            if old:
                with budget.reserve():
                    loaded = load()
            else:
                loaded = load()
    except TMDbNotFound:
        document = Document.of(key.group, NOT_FOUND, status=404)
    except TMDbError as error:
        if old:
            return _as_it_is(old, error)
        if fails_for_all:
            _tell_waiters(backend, token, error)
        return error
    else:
        document = Document.of(key.group, loaded.body)
        if not loaded.storable:
            _tell_waiters(backend, token, document)
            return Answer(document, Source.UNSTORED)
    _keep(backend, key, document)
    return Answer(document, Source.STORED)


def _as_it_is(document: Document, error: TMDbError | None = None) -> Answer:
    source = Source.HIT if document.seconds_fresh > 0 else Source.STALE
    return Answer(document, source, error)


def _tell_waiters(backend: Backend, token: bytes, outcome: Document | TMDbError) -> None:
    """Leave the outcome of a flight that keeps no document, for those who wait for it now.

    Nobody else reads it: a request that comes later asks anew.
    """
    if isinstance(outcome, Document):
        packed = b"document " + outcome.pack()
    else:
        not_asked = isinstance(outcome, TMDbNotAsked)
        packed = b"error " + json.dumps([not_asked, outcome.retry_after]).encode()
    backend.set(f"outcome:{token.hex()}", packed, OUTCOME_SECONDS)


def _read_outcome(backend: Backend, token: bytes) -> Answer | TMDbError | None:
    packed = backend.get(f"outcome:{token.hex()}")
    if packed is None:
        return None
    kind, content = packed.split(b" ", 1)
    if kind == b"error":
        not_asked, retry_after = json.loads(content)
        kind_of_error = TMDbNotAsked if not_asked else TMDbError
        return kind_of_error("The request that asked for it had no answer.", retry_after)
    document = Document.unpack(content)
    return document and Answer(document, Source.UNSTORED)
