"""The demo as a WSGI application: TMDb's paths under /3, its JSON, its error bodies."""

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

from . import dialect, selection
from .data import Catalogue, catalogue

LAST_PAGE = 500
MOST_PARTS = 20

STATUS_LINES = {
    200: "200 OK",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    422: "422 Unprocessable Entity",
}
# TMDb's own status codes, with their HTTP status and wording.
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
    """An answer with one of TMDb's status codes."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


class Request:
    """A request's parameters, read as TMDb reads them."""

    def __init__(self, query: str):
        self.parameters = dict(parse_qsl(query, keep_blank_values=True))
        self.language = (self.parameters.get("language") or "en-US").lower()

    @property
    def page(self) -> int:
        raw = self.parameters.get("page", "1")
        if not re.fullmatch("[0-9]{1,9}", raw) or not 1 <= int(raw) <= LAST_PAGE:
            raise DialectError(22)
        return int(raw)


def trending(films: Catalogue, request: Request, media: str, window: str) -> dict:
    chosen = selection.trending(films, window)
    return dialect.page_of(chosen, request.page, request.language, typed=True)


def chart(films: Catalogue, request: Request, name: str) -> dict:
    chosen = selection.chart(films, name)
    body = dialect.page_of(chosen, request.page, request.language)
    if name in ("now_playing", "upcoming"):
        dates = [film.release_date for film in chosen]
        body["dates"] = {"maximum": max(dates), "minimum": min(dates)}
    return body


def search(films: Catalogue, request: Request) -> dict:
    query = request.parameters.get("query", "").strip()
    if not query:
        raise DialectError(5)
    year = request.parameters.get("year") or request.parameters.get("primary_release_year")
    chosen = selection.search(films, query, year)
    return dialect.page_of(chosen, request.page, request.language)


def discover(films: Catalogue, request: Request) -> dict:
    try:
        chosen = selection.discover(films, request.parameters)
    except ValueError:
        raise DialectError(5) from None
    return dialect.page_of(chosen, request.page, request.language)


def genres(films: Catalogue, request: Request) -> dict:
    names = dialect.genre_names(films, request.language)
    return {"genres": [{"id": genre, "name": name} for genre, name in names.items()]}


def movie(films: Catalogue, request: Request, movie_id: str) -> dict:
    film = known_film(films, movie_id)
    parts = [name for name in request.parameters.get("append_to_response", "").split(",") if name]
    if len(parts) > MOST_PARTS:
        raise DialectError(27)
    return dialect.details(films, film, request.language, parts)


def movie_part(films: Catalogue, request: Request, movie_id: str, name: str) -> dict:
    film = known_film(films, movie_id)
    if name not in dialect.PARTS:
        raise DialectError(34)
    if name in dialect.PAGED_PARTS:
        return dialect.PARTS[name](films, film, request.language, request.page)
    return {"id": film.id} | dialect.PARTS[name](films, film, request.language)


def known_film(films: Catalogue, movie_id: str):
    if movie_id == "0":
        raise DialectError(6)
    if movie_id not in films.by_id:
        raise DialectError(34)
    return films.by_id[movie_id]


def find(films: Catalogue, request: Request, external_id: str) -> dict:
    film = films.by_id.get(external_id)
    found = [dialect.list_item(film, request.language, typed=True)] if film else []
    kinds = ("person", "tv", "tv_episode", "tv_season")
    return {"movie_results": found} | {f"{kind}_results": [] for kind in kinds}


def configuration(films: Catalogue, request: Request) -> dict:
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
    (re.compile("/movie/([0-9]+|tt[0-9]+)"), movie),
    (re.compile("/movie/([0-9]+|tt[0-9]+)/([a-z_/]+)"), movie_part),
    (re.compile("/find/([a-zA-Z0-9]+)"), find),
    (re.compile("/configuration"), configuration),
    (re.compile("/authentication"), lambda films, request: {"success": True}),
]


def answer(method: str, path: str, query: str) -> tuple[int, dict]:
    """Return the HTTP status and body for a request to `path`, which begins with /3."""
    try:
        if method != "GET":
            raise DialectError(42)
        for pattern, view in ROUTES:
            if path.startswith("/3/") and (match := pattern.fullmatch(path[2:])):
                return 200, view(catalogue(), Request(query), *match.groups())
        raise DialectError(34)
    except DialectError as error:
        return error_answer(error.code)


def error_answer(code: int) -> tuple[int, dict]:
    status, message = ERRORS[code]
    return status, {"success": False, "status_code": code, "status_message": message}


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """The WSGI entry point."""
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
