"""The title, introduction and tags of the API's description."""

from drf_yasg import openapi

API_INFO = openapi.Info(
    title="Movie Recommendation Backend",
    default_version="1.0",
    description=(
        "Discover movies and decide what to watch next.\n\n"
        "The catalogue is public and cached. Personal data requires an access token: register or"
        " log in, press **Authorize** and paste it.\n\n"
        "All errors have the same shape, `type` and `errors`. The `type` follows from the status:"
        " `validation_error` for 400, `client_error` for other 4xx, `server_error` for 5xx. Every"
        " response has an `X-Request-ID`. If the client sends one, it is used.\n\n"
        "This product uses the TMDB API but is not endorsed or certified by TMDB. Watch providers"
        " come from JustWatch."
    ),
    contact=openapi.Contact(name="The developers of this backend"),
    license=openapi.License(
        name="Movie data: TMDB's terms of use",
        url="https://www.themoviedb.org/api-terms-of-use",
    ),
)

# Each tag and its description, in the order in which the documentation shows them.
TAGS = {
    "Movies": (
        "The catalogue. It is the same for everybody, so shared caches may store it, and access"
        " tokens are ignored. `Cache-Status` shows whether a response came from the cache. Send the"
        " `ETag` of a response as `If-None-Match` to get a 304 if nothing has changed. While TMDB"
        " is down, the API serves stale responses, then data from its database, and only then a"
        " 503."
    ),
    "Authentication": (
        "Accounts and sessions. Send the access token as `Authorization: Bearer …`. It expires"
        " within minutes; exchange the refresh token, which works once, for a new pair. Changing"
        " the password, logging out everywhere and deleting the account end all sessions"
        " immediately."
    ),
    "Users": "The user's own data: profile, export and deletion of the account.",
    "Lists": (
        "Five lists that work alike: `favorites`, `watchlist`, `watched`, `ratings` and `hidden`."
        " Every change is idempotent, so it is safe to repeat. Pages use cursors, so each entry"
        " appears exactly once even if the list changes."
    ),
    "Recommendations": (
        "What to watch next, based on the user's lists, with reasons. New users start with"
        " `starter` and `preview`, and then register. The more movies they rate or add to their"
        " favorites, the more personal their recommendations become."
    ),
    "Operations": "Health checks for load balancers and operators, at any host name and over HTTP.",
}
