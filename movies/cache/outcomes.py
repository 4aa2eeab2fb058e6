"""The outcomes of flights that kept no document. Their waiters can read them for a moment.

A request that arrives later does not read the outcome. It starts a new flight.
"""

import json

from movie_recommendation_backend.http.errors import error_body
from movies.load import LoadFailed, LoadNotAttempted

from .answers import Answer, Source
from .backends import Backend
from .documents import Document

OUTCOME_SECONDS = 5  # how long the waiters of a flight can read its outcome
NOT_FOUND = error_body("client_error", "not_found", "Not found.")


def tell(backend: Backend, token: bytes, outcome: Document | LoadFailed) -> None:
    """Leave the outcome of the flight whose leader has `token`."""
    if isinstance(outcome, Document):
        packed = b"document " + outcome.pack()
    else:
        not_attempted = isinstance(outcome, LoadNotAttempted)
        packed = b"error " + json.dumps([not_attempted, outcome.retry_after]).encode()
    backend.set(f"outcome:{token.hex()}", packed, OUTCOME_SECONDS)


def read(backend: Backend, token: bytes) -> Answer | LoadFailed | None:
    """Return the outcome of the flight whose leader has `token`; None if there is none."""
    packed = backend.get(f"outcome:{token.hex()}")
    if packed is None:
        return None
    kind, content = packed.split(b" ", 1)
    if kind == b"error":
        not_attempted, retry_after = json.loads(content)
        error_class = LoadNotAttempted if not_attempted else LoadFailed
        return error_class("The request that asked TMDb got no answer.", retry_after)
    document = Document.unpack(content)
    return Answer(document, Source.UNSTORED) if document else None
