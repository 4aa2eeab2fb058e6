"""Answer a question cache-first. One request on any machine loads it; the others wait."""

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from movies.load import Load, LoadFailed, LoadNotAttempted, LoadNotFound

from . import counts, outcomes
from .answers import Answer, Fetched, Source, as_it_is
from .backends import Backend, CacheUnavailable, local, shared
from .documents import Document, Key
from .keeping import keep_in

LONGEST_LOAD = 10.5  # seconds for all requests of a flight to TMDb
# A live load never outlives its lock; a dead worker's lock blocks others no longer than this.
LOCK_SECONDS = 12
# Seconds that a request waits for others: for a dead worker's lock, then for the next load.
LONGEST_WAIT = LOCK_SECONDS + LONGEST_LOAD + 0.5
FIRST_POLL, LAST_POLL = 0.005, 0.1  # seconds between looks, doubling

Fetch = Callable[[Load], Fetched]


def answer(
    key: Key,
    fetch: Fetch,
    load: Load,
    *,
    fallback: Callable[[], Mapping[str, Any] | None] | None = None,
    refresh_below: float = 0,
) -> Answer:
    """Answer a question cache-first.

    `fetch` asks TMDb within the load that it is given; at most one request at a time calls it,
    across all machines that share a Redis. `fallback` is the last resort, and may return None. A
    document with `refresh_below` seconds of freshness left, or fewer, counts as stale.

    Raises the LoadFailed of a fetch if nothing else can answer.
    """
    flight = _Flight(key, fetch, load, refresh_below)
    try:
        found = flight.run(shared())
    except CacheUnavailable:
        found = flight.run(local())
    if flight.fetched:
        flight.fetched.afterwards()
    if isinstance(found, LoadFailed):
        body = fallback() if fallback else None
        if body is None:
            raise found
        found = Answer(Document.of(key.group, body), Source.DATABASE, found)
    counts.count(key.group.name, found.source.value)
    return found


class _Flight:
    """How one caller gets an answer: look, then lead the flight or wait for the leader."""

    def __init__(self, key: Key, fetch: Fetch, load: Load, refresh_below: float):
        self.key = key
        self.fetch = fetch
        self.load = load
        self.refresh_below = refresh_below
        self.token = uuid.uuid4().bytes
        self.lock = f"lock:{key}"
        self.fetched: Fetched | None = None

    def run(self, backend: Backend) -> Answer | LoadFailed:
        """Answer from `backend`, loading if necessary; a load's error is returned, not raised."""
        give_up_at = min(time.monotonic() + LONGEST_WAIT, self.load.deadline)
        pause = FIRST_POLL
        leader: bytes | None = None
        while True:
            packed, holder = backend.get_many([str(self.key), self.lock])
            document = Document.unpack(packed)
            # A request that waited takes the new document, however briefly it stays fresh.
            if document and document.seconds_fresh > (0 if leader else self.refresh_below):
                return Answer(document, Source.HIT, key=self.key)
            if leader and holder != leader:
                outcome = outcomes.read(backend, leader)
                if outcome is not None:
                    return outcome
            # Redis may have set our lock even though the command seemed to fail.
            is_ours = holder == self.token
            if is_ours or holder is None and backend.add(self.lock, self.token, LOCK_SECONDS):
                try:
                    return self.lead(backend)
                finally:
                    backend.delete_if(self.lock, self.token)
            if document:
                return as_it_is(document)
            if time.monotonic() >= give_up_at:
                return LoadNotAttempted("Another request's answer did not arrive in time.")
            leader = holder or leader
            time.sleep(pause)
            pause = min(LAST_POLL, pause * 2)

    def lead(self, backend: Backend) -> Answer | LoadFailed:
        """Load as the holder of the lock, keep the answer, and tell the waiters the outcome."""
        # Another request may have loaded the document just before this one took the lock.
        old = Document.unpack(backend.get(str(self.key)))
        if old and old.seconds_fresh > self.refresh_below:
            return Answer(old, Source.HIT)
        try:
            if not self.load.has_time:
                # TMDb will not be asked, so nobody is throttled.
                raise LoadNotAttempted("No time is left to ask TMDb.")
            self.load.throttle()
        except LoadNotAttempted as error:
            # Do not tell the waiters: their own loads may still be allowed to ask.
            return as_it_is(old, error) if old else error
        load = self.load.within(LONGEST_LOAD).with_one_wait()
        try:
            fetched = self.fetched = self.fetch(load.with_reserve() if old else load)
        except LoadNotFound:
            document = Document.of(self.key.group, outcomes.NOT_FOUND, status=404)
        except LoadFailed as error:
            if old:
                return as_it_is(old, error)
            if not self.load.fails_alone:
                outcomes.tell(backend, self.token, error)
            return error
        else:
            document = Document.of(self.key.group, fetched.body)
            if not fetched.is_cacheable:
                outcomes.tell(backend, self.token, document)
                return Answer(document, Source.UNSTORED)
        keep_in(backend, self.key, document)
        return Answer(document, Source.STORED)
