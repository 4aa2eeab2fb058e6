"""What can go wrong between us and TMDb. None of these ever holds a URL, which may hold a key."""


class TMDbError(Exception):
    """There is no usable answer; `retry_after` is the seconds to wait before asking again."""

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after


class TMDbNotFound(TMDbError):
    """TMDb answered that it has no such film."""


class TMDbUnavailable(TMDbError):
    """No answer in time, no connection, or a failure on TMDb's side."""


class TMDbBadResponse(TMDbError):
    """An answer that is not what TMDb's API promises: HTML, cut JSON, too large, a redirect."""


class TMDbRefused(TMDbError):
    """Another 4xx: TMDb works, and does not take this request."""


class TMDbUnauthorized(TMDbRefused):
    """TMDb refuses our credentials: an operator's matter, not a client's."""


class TMDbRateLimited(TMDbRefused):
    """429 that asks for a longer wait than a request can give."""


class TMDbNotAsked(TMDbError):
    """TMDb was left in peace: the budget is used up, it failed just now, or we are busy."""
