"""Documents and their keys: what is kept, for how long, and under which name."""

import gzip
import hashlib
import json
import time
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

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

# Part of every key: a deployment that reads or writes documents differently counts it up.
FORMAT = "1"
LONGEST_NAME = 150  # a longer one, such as a search for 200 characters, is kept by its digest


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
    def of(cls, group: str, body: object, *, status: int = 200) -> "Document":
        """Make a document of a JSON-ready body that was fetched now."""
        fresh_for, kept_for = LIFETIMES[group] if status == 200 else NOT_FOUND_LIFETIME
        fetched_at, scale = now(), settings.CACHE_TTL_SCALE
        times = (fetched_at, fetched_at + fresh_for * scale, fetched_at + kept_for * scale)
        return cls._written(status, body, times)

    def of_same_age(self, body: object) -> "Document":
        """Make a document of another body that came from the same answer."""
        times = (self.fetched_at, self.fresh_until, self.kept_until)
        return self._written(self.status, body, times)

    @classmethod
    def _written(cls, status: int, body: object, times: tuple[float, float, float]) -> "Document":
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        etag = f'W/"{_digest(plain)}"'
        return cls(status, plain, gzip.compress(plain, 6, mtime=0), etag, *times)

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
