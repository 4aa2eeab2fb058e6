"""The demo as a WSGI application, with TMDb's paths below /3 and its error bodies."""

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

from movies.tmdb import LAST_PAGE

from . import data, dialect, selection
from .data import Catalogue, DemoMovie

MAX_APPENDED = 20  # parts that `append_to_response` may name

STATUS_LINES = {
    200: "200 OK",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    422: "422 Unprocessable Entity",
}
# The HTTP status and message of each of TMDb's status codes.
ERRORS = {
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    22: (
        400,
        "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.",
    ),
    27: (
        400,
        "Too many append to response objects: The maximum number of remote calls is 20.",
    ),
    34: (404, "The resource you requested could not be found."),
    42: (405, "This request method is not supported for this resource."),
}


class DialectError(Exception):
    """Raised to answer a request with the error of one of TMDb's status codes."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


class Request:
    """The parameters of a request, parsed as TMDb parses them."""

    def __init__(self, query: str):
        self.parameters = dict(parse_qsl(query, keep_blank_values=True))
        self.language = (self.parameters.get("language") or "en-US").lower()

    @property
    def page(self) -> int:
        """The page number. Raises DialectError if it is not a number from 1 to LAST_PAGE."""
        raw = self.parameters.get("page", "1")
        if not re.fullmatch("[0-9]{1,9}", raw) or not 1 <= int(raw) <= LAST_PAGE:
            raise DialectError(22)
        return int(raw)


def trending(catalogue: Catalogue, request: Request, media: str, window: str) -> dict:
    chosen = selection.trending(catalogue, window)
    return dialect.page_of(chosen, request.page, request.language, typed=True)


def chart(catalogue: Catalogue, request: Request, name: str) -> dict:
    chosen = selection.chart(catalogue, name)
    body = dialect.page_of(chosen, request.page, request.language)
    if name in ("now_playing", "upcoming"):
        dates = [movie.release_date for movie in chosen]
        body["dates"] = {"maximum": max(dates), "minimum": min(dates)}
    return body


def search(catalogue: Catalogue, request: Request) -> dict:
    query = request.parameters.get("query", "").strip()
    if not query:
        raise DialectError(5)
    year = request.parameters.get("year") or request.parameters.get("primary_release_year")
    chosen = selection.search(catalogue, query, year)
    return dialect.page_of(chosen, request.page, request.language)


def discover(catalogue: Catalogue, request: Request) -> dict:
    try:
        chosen = selection.discover(catalogue, request.parameters)
    except ValueError:
        raise DialectError(5) from None
    return dialect.page_of(chosen, request.page, request.language)


def genres(catalogue: Catalogue, request: Request) -> dict:
    names = dialect.genre_names(catalogue, request.language)
    return {"genres": [{"id": genre, "name": name} for genre, name in names.items()]}


def movie_details(catalogue: Catalogue, request: Request, movie_id: str) -> dict:
    movie = known_movie(catalogue, movie_id)
    parts = [name for name in request.parameters.get("append_to_response", "").split(",") if name]
    if len(parts) > MAX_APPENDED:
        raise DialectError(27)
    return dialect.details(catalogue, movie, request.language, parts)


def movie_part(catalogue: Catalogue, request: Request, movie_id: str, name: str) -> dict:
    movie = known_movie(catalogue, movie_id)
    if name not in dialect.PARTS:
        raise DialectError(34)
    if name in dialect.PAGED_PARTS:
        return dialect.PARTS[name](catalogue, movie, request.language, request.page)
    return {"id": movie.id} | dialect.PARTS[name](catalogue, movie, request.language)


def known_movie(catalogue: Catalogue, movie_id: str) -> DemoMovie:
    """Return the movie with this TMDb or IMDb id. Raises DialectError if there is none."""
    if movie_id == "0":
        raise DialectError(6)
    if movie_id not in catalogue.by_id:
        raise DialectError(34)
    return catalogue.by_id[movie_id]


def find(catalogue: Catalogue, request: Request, external_id: str) -> dict:
    movie = catalogue.by_id.get(external_id)
    found = [dialect.list_item(movie, request.language, typed=True)] if movie else []
    kinds = ("person", "tv", "tv_episode", "tv_season")
    return {"movie_results": found} | {f"{kind}_results": [] for kind in kinds}


def configuration(catalogue: Catalogue, request: Request) -> dict:
    images = {
        "base_url": "http://image.tmdb.org/t/p/",
        "secure_base_url": "https://image.tmdb.org/t/p/",
        "backdrop_sizes": ["w300", "w780", "w1280", "original"],
        "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
        "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
        "profile_sizes": ["w45", "w185", "h632", "original"],
        "still_sizes": ["w92", "w185", "w300", "original"],
    }
    return {"images": images, "change_keys": []}


ROUTES: list[tuple[re.Pattern, Callable[..., dict]]] = [
    (re.compile("/trending/(movie|all)/(day|week)"), trending),
    (re.compile("/movie/(popular|top_rated|now_playing|upcoming)"), chart),
    (re.compile("/search/movie"), search),
    (re.compile("/discover/movie"), discover),
    (re.compile("/genre/movie/list"), genres),
    (re.compile("/movie/([0-9]+|tt[0-9]+)"), movie_details),
    (re.compile("/movie/([0-9]+|tt[0-9]+)/([a-z_/]+)"), movie_part),
    (re.compile("/find/([a-zA-Z0-9]+)"), find),
    (re.compile("/configuration"), configuration),
    (re.compile("/authentication"), lambda catalogue, request: {"success": True}),
]


def answer(method: str, path: str, query: str) -> tuple[int, dict]:
    """Return the HTTP status and the body for a request to `path`, which includes /3."""
    try:
        if method != "GET":
            raise DialectError(42)
        for pattern, view in ROUTES:
            if path.startswith("/3/") and (match := pattern.fullmatch(path[2:])):
                return 200, view(data.catalogue(), Request(query), *match.groups())
        raise DialectError(34)
    except DialectError as error:
        return error_answer(error.code)


def error_answer(code: int) -> tuple[int, dict]:
    """Return the HTTP status and the body of the error with one of TMDb's status codes."""
    status, message = ERRORS[code]
    return status, {"success": False, "status_code": code, "status_message": message}


def application(environ: dict, start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer a request by the WSGI protocol (PEP 3333)."""
    status, body = answer(
        environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    )
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = [
        ("Content-Type", "application/json;charset=utf-8"),
        ("Content-Length", str(len(content))),
    ]
    start_response(STATUS_LINES[status], headers)
    return [content]
