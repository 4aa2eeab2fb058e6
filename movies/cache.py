"""Documents: the finished JSON bodies of public answers, kept as bytes and answered cache-first.

The life of one key:

                     load succeeds                    fresh_for over
    (nothing) ──────────────────────▶ fresh ────────────────────────────▶ stale
        ▲     one request loads, the    ▲      one request refreshes, the   │
        │     others wait for it        └───── others are answered stale ◀──┤
        │                                      load succeeds                │
        └───────────────────────────────────────────────────────────────────┘
                     kept_for over, or clear_cache

"One request" holds for all threads, processes and machines that share the Redis: a lock in
it, with a token and a time limit (single flight). A load that fails stores nothing: there is
the stale document, else what the database knows, else the error. "TMDb has no such film" is
an answer, kept as a document with status 404 for ten minutes.

Without Redis, or while it is away, all this holds within the process.
"""

import gzip
import hashlib
import json
import logging
import time
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlencode

from django.conf import settings
from django.db import Error as DatabaseFailure

from movie_recommendation_backend.errors import error_body

from . import cache_counts, redis_connection
from .cache_backends import Backend, CacheAway, local, shared
from .services import budget
from .services.exceptions import TMDbError, TMDbNotAsked, TMDbNotFound
from .services.transport import load_ends_at, load_within

logger = logging.getLogger(__name__)

HOUR = 3600
DAY = 24 * HOUR

# Seconds that a document of each group is fresh, and is kept to be served stale if TMDb fails.
# CACHE_TTL_SCALE multiplies them all.
LIFETIMES: dict[str, tuple[int, int]] = {
    "trending": (6 * HOUR, 7 * DAY),
    "popular": (6 * HOUR, 7 * DAY),
    "top-rated": (6 * HOUR, 7 * DAY),
    "now-playing": (6 * HOUR, 7 * DAY),
    "upcoming": (6 * HOUR, 7 * DAY),
    "details": (24 * HOUR, 30 * DAY),
    "recommendations": (24 * HOUR, 30 * DAY),
    "similar": (24 * HOUR, 30 * DAY),
    "search": (1 * HOUR, 1 * DAY),
    "discover": (1 * HOUR, 1 * DAY),
    "genres": (7 * DAY, 60 * DAY),
}
# Whose keys begin with a film's id.
OF_A_FILM = ("details", "recommendations", "similar")
NOT_FOUND_LIFETIME = (600, 600)
NOT_FOUND = error_body("client_error", "not_found", "Not found.")

LONGEST_LOAD = 10.5  # seconds for all that a load asks TMDb
# A live load never outlives its lock; a dead worker's lock is in the way no longer than this.
LOCK_SECONDS = 12
# Seconds that a request waits for others: for a dead worker's lock, then for the next load.
LONGEST_WAIT = LOCK_SECONDS + LONGEST_LOAD + 0.5
FIRST_POLL, LAST_POLL = 0.005, 0.1  # seconds between looks, doubling
OUTCOME_SECONDS = 5  # how long the waiters of a flight can learn how it ended

# Part of every key: a deployment that reads or writes documents differently counts it up.
FORMAT = "1"
LONGEST_NAME = 150  # a longer one, such as a search for 200 characters, is kept by its digest


class Source(Enum):
    """Where an answer came from."""

    HIT = "hit"
    STALE = "stale"
    STORED = "stored"
    # Loaded, but not good enough to keep.
    UNSTORED = "unstored"
    DATABASE = "database"


@dataclass(frozen=True)
class Key:
    """A question: its group and its parameters, equal for equivalent spellings."""

    group: str
    name: str

    @classmethod
    def of(cls, group: str, *path: object, **parameters: object) -> "Key":
        """Fill a key: `path` (a film's id first), then the parameters in a fixed order."""
        given = sorted((k, _canonical(v)) for k, v in parameters.items() if v is not None)
        return cls(group, ":".join([*map(str, path), urlencode(given)]))

    def __str__(self) -> str:
        name = self.name if len(self.name) <= LONGEST_NAME else _digest(self.name.encode())
        return f"{FORMAT}:{self.group}:{name}"


def now() -> float:
    """Return the seconds since the epoch that documents are dated by."""
    return time.time()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).casefold().split())
    return value


@dataclass(frozen=True)
class Document:
    """A finished answer. Times are seconds since the epoch."""

    status: int
    body: bytes
    gzipped: bytes
    etag: str
    fetched_at: float
    fresh_until: float
    kept_until: float

    @classmethod
    def of(cls, group: str, body: object, *, status: int = 200, fetched_at: float | None = None):
        """Make a document of a JSON-ready body."""
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        fetched_at = now() if fetched_at is None else fetched_at
        fresh_for, kept_for = LIFETIMES[group] if status == 200 else NOT_FOUND_LIFETIME
        return cls(
            status=status,
            body=plain,
            gzipped=gzip.compress(plain, compresslevel=6, mtime=0),
            etag=f'W/"{_digest(plain)}"',
            fetched_at=fetched_at,
            fresh_until=fetched_at + fresh_for * settings.CACHE_TTL_SCALE,
            kept_until=fetched_at + kept_for * settings.CACHE_TTL_SCALE,
        )

    def pack(self) -> bytes:
        """Return the one value that is kept: a line of JSON, the body, the gzipped body."""
        head = [self.status, self.etag, self.fetched_at, self.fresh_until, self.kept_until]
        return json.dumps([*head, len(self.body)]).encode() + b"\n" + self.body + self.gzipped

    @classmethod
    def unpack(cls, packed: bytes | None) -> "Document | None":
        """Return the document, None for what is none or should be gone."""
        if packed is None:
            return None
        try:
            head, bodies = packed.split(b"\n", 1)
            status, etag, fetched_at, fresh_until, kept_until, length = json.loads(head)
            kept_until = float(kept_until)
        except (ValueError, TypeError):
            return None
        if now() >= kept_until:
            return None
        body, gzipped = bodies[:length], bodies[length:]
        return cls(status, body, gzipped, etag, fetched_at, fresh_until, kept_until)

    @property
    def seconds_fresh(self) -> float:
        """Seconds of freshness left; negative once stale."""
        return self.fresh_until - now()

    def json(self) -> dict:
        return json.loads(self.body)


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

    def load_once() -> Loaded:
        loaded.append(load())
        return loaded[0]

    try:
        found = _answer(shared(), key, load_once, refresh_below)
    except CacheAway:
        found = _answer(local(), key, load_once, refresh_below)
    for each in loaded:
        each.afterwards()
    if isinstance(found, TMDbError):
        body = _ask_database(database)
        if body is None:
            raise found
        found = Answer(Document.of(key.group, body), Source.DATABASE, found)
    cache_counts.count(key.group, found.source.value)
    return found


def _ask_database(database: Callable[[], dict | None] | None) -> dict | None:
    try:
        return database() if database else None
    except DatabaseFailure as error:
        logger.warning("The database is away too: %s", type(error).__name__)
        return None


def fresh(key: Key, refresh_below: float = 0) -> Answer | None:
    """Answer from a fresh document, or not at all."""
    try:
        document = Document.unpack(shared().get(str(key)))
    except CacheAway:
        document = Document.unpack(local().get(str(key)))
    if document is None or document.seconds_fresh <= refresh_below:
        return None
    cache_counts.count(key.group, Source.HIT.value)
    return Answer(document, Source.HIT)


def keep(key: Key, document: Document, seconds: float | None = None) -> None:
    """Keep a document that was made on the way to another answer, `seconds` if not for long."""
    try:
        _keep(shared(), key, document, seconds)
    except CacheAway:
        _keep(local(), key, document, seconds)


def _keep(backend: Backend, key: Key, document: Document, seconds: float | None = None) -> None:
    backend.set(str(key), document.pack(), seconds or document.kept_until - now())


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
        kept, holder = backend.get_many([str(key), lock])
        document = Document.unpack(kept)
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


def drop(group: str | None = None) -> int:
    """Drop the documents of a group, or all, from the shared cache; return how many.

    Raises RedisError.
    """
    return redis_connection.drop([f"{FORMAT}:{group or '*'}:*"])


def drop_film(*ids: int | str) -> int:
    """Drop the documents of a film, by its TMDb and IMDb id, in the same way."""
    return redis_connection.drop(
        [f"{FORMAT}:{kind}:{each}:*" for kind in OF_A_FILM for each in ids]
    )


def statistics() -> dict:
    """Return what the shared cache holds and how well it serves.

    {"groups": {group: {"hits", "stale", "misses", "entries", "bytes"}}, "redis": {"used_bytes",
    "limit_bytes", "evicted_keys"}}. Raises RedisError.
    """
    counts = cache_counts.read()
    sizes = redis_connection.sizes(f"{FORMAT}:*")
    groups = {}
    for group in LIFETIMES:
        answered = counts.get(group, {})
        hits, stale = answered.get(Source.HIT.value, 0), answered.get(Source.STALE.value, 0)
        held = [size for key, size in sizes.items() if key.split(":")[1] == group]
        groups[group] = {
            "hits": hits,
            "stale": stale,
            "misses": sum(answered.values()) - hits - stale,
            "entries": len(held),
            "bytes": sum(held),
        }
    return {"groups": groups, "redis": redis_connection.memory()}
