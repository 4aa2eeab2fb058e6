"""What stands above the operations."""

from drf_yasg import openapi

API_INFO = openapi.Info(
    title="Movie Recommendation Backend",
    default_version="1.0",
    description=(
        "Discover films and decide what to watch next.\n\n"
        "The catalogue is public and cached. Everything personal takes the access token of a"
        " registration or a login: press **Authorize** and paste it.\n\n"
        "Every error has one shape, `type` and `errors`, and one `type` for each status: 400 is a"
        " `validation_error`, other 4xx a `client_error`, 5xx a `server_error`. Every answer"
        " carries `X-Request-ID`; a client's own is taken over.\n\n"
        "This product uses the TMDB API but is not endorsed or certified by TMDB. Where a film can"
        " be watched is known from JustWatch."
    ),
    contact=openapi.Contact(name="The developers of this backend"),
    license=openapi.License(
        name="Film data: TMDB's terms of use",
        url="https://www.themoviedb.org/api-terms-of-use",
    ),
)

# In reading order: the tag, the first part of the operation ids under it, and what it is about.
TAGS = {
    "Movies": (
        "The catalogue: the same for everybody, so that shared caches can hold it. `Cache-Status`"
        " says whether an answer came from the cache; `ETag` and `If-None-Match` save sending it"
        " again (304). An access token is not looked at. While TMDB is away answers come stale,"
        " then from the database, then as a 503."
    ),
    "Authentication": (
        "Accounts and sessions. The access token goes into `Authorization: Bearer …` and lives"
        " minutes; the refresh token is exchanged for new ones, each of them once. A changed"
        " password, a logout everywhere and a deletion end every token with the next request."
    ),
    "Users": "What belongs to the user whose access token is sent: profile, export, deletion.",
    "Lists": (
        "Five lists with one behaviour: `favorites`, `watchlist`, `watched`, `ratings` and"
        " `hidden`. Every call may be sent twice: the second time changes nothing. Pages are cut"
        " by cursors, so that an entry comes exactly once while the list changes."
    ),
    "Recommendations": (
        "What to watch next, from the user's own lists, with reasons. A new user goes from"
        " `starter` over `preview` to an account; the more he favors and rates, the more the"
        " answers are his own."
    ),
    "Operations": "For load balancers and operators: any host name, and plain http, will do.",
}
