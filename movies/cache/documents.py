"""Documents, which are encoded answers, and the keys under which they are kept."""

import gzip
import hashlib
import json
import time
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from .groups import Group

# How long documents of status 404 are fresh, and how long they are kept, in seconds.
NOT_FOUND_LIFETIME = (600, 600)

MAX_NAME = 150  # characters; longer names are replaced by their digest


@dataclass(frozen=True)
class Key:
    """A question's group and parameters. Equivalent spellings have equal keys."""

    group: Group
    name: str

    @classmethod
    def of(cls, group: Group, *path: object, **parameters: object) -> "Key":
        """Return the key for the ids in a path and the parameters of a question."""
        given = sorted((k, _canonical(v)) for k, v in parameters.items() if v is not None)
        return cls(group, ":".join([*map(str, path), urlencode(given)]))

    def __str__(self) -> str:
        name = self.name if len(self.name) <= MAX_NAME else _digest(self.name.encode())
        return f"{self.group.version}:{self.group.name}:{name}"


def now() -> float:
    """Return the current time as documents see it, in seconds since the epoch."""
    return time.time()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).casefold().split())
    return value


@dataclass(frozen=True)
class Document:
    """An encoded answer. Times are in seconds since the epoch."""

    status: int
    body: bytes
    gzipped: bytes
    etag: str
    fetched_at: float
    fresh_until: float
    kept_until: float

    @classmethod
    def of(cls, group: Group, body: object, *, status: int = 200) -> "Document":
        """Return a document with a JSON-serializable body that has just been fetched."""
        fresh_for, kept_for = NOT_FOUND_LIFETIME
        if status == 200:
            fresh_for, kept_for = group.fresh_for, group.kept_for
        fetched_at, scale = now(), settings.CACHE_TTL_SCALE
        times = (fetched_at, fetched_at + fresh_for * scale, fetched_at + kept_for * scale)
        return cls._encode(status, body, times)

    def of_same_age(self, body: object) -> "Document":
        """Return a document with another body, which was derived from this one."""
        times = (self.fetched_at, self.fresh_until, self.kept_until)
        return self._encode(self.status, body, times)

    @classmethod
    def _encode(cls, status: int, body: object, times: tuple[float, float, float]) -> "Document":
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        etag = f'W/"{_digest(plain)}"'
        return cls(status, plain, gzip.compress(plain, 6, mtime=0), etag, *times)

    @property
    def head(self) -> bytes:
        """The line of JSON at the beginning of the packed document, which tells it from others."""
        times = (self.fetched_at, self.fresh_until, self.kept_until)
        return json.dumps([self.status, self.etag, *times, len(self.body)]).encode() + b"\n"

    def pack(self) -> bytes:
        """Return the value to store: the head, then the body, then the gzipped body."""
        return self.head + self.body + self.gzipped

    @classmethod
    def unpack(cls, packed: bytes | None) -> "Document | None":
        """Return the packed document, or None if it is missing, malformed or expired."""
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
        """The seconds until the document becomes stale; negative afterwards."""
        return self.fresh_until - now()

    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)
