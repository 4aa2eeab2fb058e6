"""A key's life cycle, compared with a model: time passes, and TMDb and the cache come and go."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from movies.cache import documents, single_flight
from movies.cache.answers import Fetched, Source
from movies.cache.backends import CacheUnavailable, LocalBackend
from movies.cache.documents import NOT_FOUND_LIFETIME, Key
from movies.load import Load, LoadFailed
from movies.questions import SEARCH
from movies.services.exceptions import TMDbNotFound, TMDbUnavailable

pytestmark = pytest.mark.slow

KEY = Key.of(SEARCH.group, query="x")
FRESH, KEPT = SEARCH.group.fresh_for, SEARCH.group.kept_for


@dataclass
class Kept:
    """What a cache contains, according to the model."""

    version: int | None  # None if the movie does not exist
    at: float

    def lives(self, now: float, which: int) -> bool:
        lifetime = NOT_FOUND_LIFETIME if self.version is None else (FRESH, KEPT)
        return now - self.at < lifetime[which]


class OneKey(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.patch = pytest.MonkeyPatch()
        self.shared, self.alone = LocalBackend("shared"), LocalBackend("alone")
        for backend in (self.shared, self.alone):
            backend.clear()
        self.away = False
        self.time = 1_000_000.0
        self.tmdb = "up"
        self.version = 0
        self.loads = 0
        self.lock = Lock()
        self.model: dict[bool, Kept | None] = {False: None, True: None}
        self.patch.setattr(documents, "now", lambda: self.time)
        self.patch.setattr(single_flight, "shared", self.reach_shared)
        self.patch.setattr(single_flight, "local", lambda: self.alone)

    def teardown(self):
        if hasattr(self, "patch"):
            self.patch.undo()

    def reach_shared(self) -> LocalBackend:
        if self.away:
            raise CacheUnavailable
        return self.shared

    def fetch(self, load: Load) -> Fetched:
        with self.lock:
            self.loads += 1
            self.version += 1
        if self.tmdb == "down":
            raise TMDbUnavailable("down")
        if self.tmdb == "movie gone":
            raise TMDbNotFound("gone")
        return Fetched({"version": self.version})

    def ask(self):
        """Return (source, version), with None for a 404, or the error."""
        try:
            found = single_flight.answer(KEY, self.fetch, Load())
        except LoadFailed as error:
            return error
        document = found.document
        return found.source, document.json()["version"] if document.status == 200 else None

    # Events.

    @rule(seconds=st.sampled_from([1, 300, 601, FRESH - 1, FRESH, FRESH + 1, KEPT, KEPT + 1]))
    def time_passes(self, seconds):
        self.time += seconds

    @rule(state=st.sampled_from(["up", "down", "movie gone"]))
    def tmdb_becomes(self, state):
        self.tmdb = state

    @rule()
    def the_cache_vanishes(self):
        self.away = True

    @rule()
    def the_cache_comes_back(self):
        if self.away:
            self.away = False
            # Documents from the outage are deleted.
            self.alone.clear()
            self.model[True] = None

    @rule()
    def the_cache_is_cleared(self):
        self.reach().clear()
        self.model[self.away] = None

    def reach(self) -> LocalBackend:
        return self.alone if self.away else self.shared

    # Readers.

    @rule()
    def somebody_reads(self):
        loads = self.loads
        seen, kept = self.ask(), self.known()
        if kept and kept.lives(self.time, 0):
            assert seen == (Source.HIT, kept.version)
            assert self.loads == loads
            return
        assert self.loads == loads + 1
        self.judge_load(seen, kept)

    @rule(readers=st.integers(2, 5))
    def several_read_at_once(self, readers):
        loads = self.loads
        kept = self.known()
        with ThreadPoolExecutor(readers) as pool:
            seen = list(pool.map(lambda _: self.ask(), range(readers)))
        if kept and kept.lives(self.time, 0):
            assert seen == [(Source.HIT, kept.version)] * readers
            assert self.loads == loads
        elif self.tmdb == "down":
            # Readers that come after the failure may try again, one at a time.
            assert loads < self.loads <= loads + readers
            if kept:
                assert set(seen) == {(Source.STALE, kept.version)}
            else:
                assert all(isinstance(each, LoadFailed) for each in seen)
        else:
            assert self.loads == loads + 1
            leaders = [each for each in seen if each[0] is Source.STORED]
            assert len(leaders) == 1
            self.judge_load(leaders[0], kept)
            fine = {(Source.HIT, leaders[0][1]), leaders[0]}
            if kept:
                fine.add((Source.STALE, kept.version))
            assert set(seen) <= fine, (seen, fine, kept)

    def known(self) -> Kept | None:
        kept = self.model[self.away]
        return kept if kept and kept.lives(self.time, 1) else None

    def judge_load(self, seen, kept: Kept | None) -> None:
        """Check what the reader that loaded the document saw, and update the model."""
        if self.tmdb == "down":
            if kept:
                assert seen == (Source.STALE, kept.version)
            else:
                assert isinstance(seen, TMDbUnavailable)
            return
        version = None if self.tmdb == "movie gone" else self.version
        assert seen == (Source.STORED, version)
        self.model[self.away] = Kept(version, self.time)

    @invariant()
    def no_lock_is_left(self):
        if hasattr(self, "shared"):
            assert self.reach().get(f"lock:{KEY}") is None


OneKey.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestOneKey = OneKey.TestCase
