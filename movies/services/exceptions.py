"""What can go wrong between us and TMDb. No error holds a URL, which may hold the API key."""

from movies.load import LoadFailed, LoadNotAttempted, LoadNotFound


class TMDbError(LoadFailed):
    """There is no usable answer; `retry_after` is the seconds to wait before asking again."""


class TMDbNotFound(TMDbError, LoadNotFound):
    """TMDb answered that it has no such movie."""


class TMDbUnavailable(TMDbError):
    """No answer in time, no connection, or a failure on TMDb's side."""


class TMDbBadResponse(TMDbError):
    """An answer that TMDb's API does not promise: HTML, cut JSON, too large, a redirect."""


class TMDbRefused(TMDbError):
    """Another 4xx: TMDb works, but does not accept this request."""


class TMDbUnauthorized(TMDbRefused):
    """TMDb refuses our credentials: the operator must act, not the client."""


class TMDbRateLimited(TMDbRefused):
    """429 with a longer wait than a request can afford."""


class TMDbNotAsked(TMDbError, LoadNotAttempted):
    """TMDb was not asked: the budget is used up, TMDb is in trouble, or we are busy."""
