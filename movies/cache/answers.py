"""The answers of the cache, and the results of fetches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from movies.load import LoadFailed

from .documents import Document, Key


class Source(Enum):
    """Where an answer came from."""

    HIT = "hit"
    STALE = "stale"
    STORED = "stored"
    # Fetched, but not good enough to be kept.
    UNSTORED = "unstored"
    DATABASE = "database"


@dataclass(frozen=True)
class Answer:
    """A document, its source, and the error of a load that failed to renew it.

    `key` is the key under which the document was found.
    """

    document: Document
    source: Source
    error: LoadFailed | None = None
    key: Key | None = None


@dataclass(frozen=True)
class Fetched:
    """The result of a fetch: a JSON-ready body, and whether it is good enough to be kept.

    `afterwards` is called once nobody waits for the answer any more.
    """

    body: Mapping[str, Any]
    is_cacheable: bool = True
    afterwards: Callable[[], None] = lambda: None


def as_it_is(document: Document, error: LoadFailed | None = None) -> Answer:
    """Return an answer with a document that could not be renewed."""
    source = Source.HIT if document.seconds_fresh > 0 else Source.STALE
    return Answer(document, source, error)
