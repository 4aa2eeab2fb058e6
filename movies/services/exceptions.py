"""The errors of requests to TMDb. None contains a URL, because URLs may contain the API key."""

from movies.load import LoadFailed, LoadNotAttempted, LoadNotFound


class TMDbError(LoadFailed):
    """There is no usable answer; `retry_after` is the seconds to wait before asking again."""


class TMDbNotFound(TMDbError, LoadNotFound):
    """TMDb answered that it has no such movie."""


class TMDbUnavailable(TMDbError):
    """No answer in time, no connection, or a failure on TMDb's side."""


class TMDbBadResponse(TMDbError):
    """An answer that is not part of TMDb's API: HTML, truncated or huge JSON, a redirect."""


class TMDbRefused(TMDbError):
    """Another 4xx: TMDb works, but does not accept this request."""


class TMDbUnauthorized(TMDbRefused):
    """TMDb refuses our credentials: the operator must act, not the client."""


class TMDbRateLimited(TMDbRefused):
    """429 with a longer wait than a request can afford."""


class TMDbNotAsked(TMDbError, LoadNotAttempted):
    """TMDb was not asked: the budget is used up, TMDb is failing, or we are busy."""
