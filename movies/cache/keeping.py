"""Read and keep single documents, in the shared cache or, while it is down, in this process."""

from . import counts, documents
from .answers import Answer, Source
from .backends import Backend, CacheUnavailable, local, shared
from .documents import Document, Key


def fresh(key: Key, refresh_below: float = 0) -> Answer | None:
    """Return an answer that stays fresh for more than `refresh_below` seconds, or None."""
    document = kept(key)
    if document is None or document.seconds_fresh <= refresh_below:
        return None
    counts.count(key.group.name, Source.HIT.value)
    return Answer(document, Source.HIT, key=key)


def is_kept(key: str, head: bytes) -> bool:
    """Return whether the key still holds the packed document that begins with `head`."""
    try:
        return shared().begins_with(key, head)
    except CacheUnavailable:
        return local().begins_with(key, head)


def kept(key: Key) -> Document | None:
    """Return the document, fresh or stale."""
    try:
        return Document.unpack(shared().get(str(key)))
    except CacheUnavailable:
        return Document.unpack(local().get(str(key)))


def keep(key: Key, document: Document, seconds: float | None = None) -> None:
    """Keep a document for `seconds`, by default as long as its group says."""
    try:
        keep_in(shared(), key, document, seconds)
    except CacheUnavailable:
        keep_in(local(), key, document, seconds)


def keep_in(backend: Backend, key: Key, document: Document, seconds: float | None = None) -> None:
    backend.set(str(key), document.pack(), seconds or document.kept_until - documents.now())
