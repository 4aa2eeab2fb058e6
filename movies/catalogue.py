"""The catalogue: one function per question, which views and commands call.

Each takes validated parameters by keyword and returns a cache.Answer: from the cache while that
is fresh, else from TMDb through the service layer, else from what the database knows. On the
way every film is stored, so that the lists of users and that last resort find it.

All raise a TMDbError (movies.services.exceptions) where nothing can answer. A film that TMDb
does not have is an answer: a document with status 404. `refresh_below` makes a document with
no more than so many seconds of freshness left count as stale.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from django.conf import settings
from django.db import Error as DatabaseFailure

from . import database, store
from .cache import Answer, Document, Key, Loaded, Source, answer, fresh, keep
from .genres import ENGLISH_GENRES
from .services import budget
from .services.details import all_regions, cut_to_region
from .services.exceptions import TMDbBadResponse, TMDbError, TMDbNotFound
from .services.summaries import adult_ids, genre_list, is_adult, movie_page
from .services.tmdb_service import service

logger = logging.getLogger(__name__)

_nameless_until: dict[str, float] = {}  # by language, time.monotonic()

# Sorting by rating without a floor is led by films with one vote.
MIN_VOTES_BY_RATING = 200

MOST_LANGUAGES = 1000
NAMELESS_FOR = 10  # seconds that genre names are not asked for again after a failure

# Our charts by TMDb's names for them.
CHARTS = {
    "popular": "popular",
    "top-rated": "top_rated",
    "now-playing": "now_playing",
    "upcoming": "upcoming",
}
# Our discover parameters by TMDb's names for them.
DISCOVER_FILTERS = {
    "genres": "with_genres",
    "exclude_genres": "without_genres",
    "year": "primary_release_year",
    "released_after": "primary_release_date.gte",
    "released_before": "primary_release_date.lte",
    "min_rating": "vote_average.gte",
    "min_votes": "vote_count.gte",
    "min_runtime": "with_runtime.gte",
    "max_runtime": "with_runtime.lte",
    "original_language": "with_original_language",
    "region": "region",
}
DISCOVER_ORDERS = {
    "popularity": "popularity",
    "rating": "vote_average",
    "release_date": "primary_release_date",
    "votes": "vote_count",
}


def trending(*, window: str, page: int, language: str, refresh_below: float = 0) -> Answer:
    """Answer what everybody watches, over the `day` or the `week`."""

    def load() -> Loaded:
        found = service().trending(window=window, page=page, language=language)
        return _page(found, page=page, language=language)

    key = Key.of("trending", window=window, page=page, language=language)
    return answer(key, load, refresh_below=refresh_below)


def chart(
    name: str, *, page: int, language: str, region: str | None = None, refresh_below: float = 0
) -> Answer:
    """Answer one of the CHARTS."""

    def load() -> Loaded:
        found = service().chart(CHARTS[name], page=page, language=language, region=region)
        return _page(found, page=page, language=language, region=region)

    known = {"popular": database.popular, "top-rated": database.top_rated}.get(name)
    return answer(
        Key.of(name, page=page, language=language, region=region),
        load,
        database=known and (lambda: known(page)),
        refresh_below=refresh_below,
    )


def search(
    *, query: str, page: int, language: str, include_adult: bool, year: int | None = None
) -> Answer:
    """Answer the films found under any title that TMDb knows them by."""
    asked = {"query": query, "year": year, "page": page}

    def load() -> Loaded:
        found = service().search(**asked, include_adult=include_adult, language=language)
        return _page(found, page=page, language=language, include_adult=include_adult)

    key = Key.of("search", **asked, include_adult=include_adult, language=language)
    return answer(key, load, database=lambda: database.search(**asked))


def discover(*, page: int, language: str, sort: str, **filters) -> Answer:
    """Answer the films that all of `filters` (keys of DISCOVER_FILTERS) let through."""
    order = sort.removeprefix("-")
    if order == "rating":
        filters.setdefault("min_votes", MIN_VOTES_BY_RATING)
    upstream = {DISCOVER_FILTERS[name]: _joined(value) for name, value in filters.items()}
    upstream["sort_by"] = f"{DISCOVER_ORDERS[order]}.{'desc' if sort[0] == '-' else 'asc'}"

    def load() -> Loaded:
        found = service().discover(page=page, language=language, filters=upstream)
        return _page(found, page=page, language=language, region=filters.get("region"))

    return answer(
        Key.of("discover", page=page, language=language, **upstream),
        load,
        database=lambda: database.discover(page=page, sort=sort, filters=filters),
    )


def genres(*, language: str, refresh_below: float = 0) -> Answer:
    """Answer TMDb's film genres by name."""
    return answer(
        Key.of("genres", language=language),
        lambda: _genres(language),
        database=database.genres,
        refresh_below=refresh_below,
    )


def movie(movie_id: int, *, language: str, region: str, refresh_below: float = 0) -> Answer:
    """Answer a film, with all that one request can tell of it.

    TMDb's answer is kept once a language; each region's document is cut from it.
    """
    key = Key.of("details", movie_id, language=language, region=region)
    if found := fresh(key, refresh_below):
        return found

    def load() -> Loaded:
        everywhere, afterwards = _film(movie_id, language)
        return Loaded(everywhere, afterwards=afterwards)

    def from_database() -> dict | None:
        known = database.movie(movie_id)
        return known and {"detail": known, "certifications": {}, "watch_providers": {}}

    with budget.reserve():
        everywhere = answer(
            _film_key(movie_id, language),
            load,
            database=from_database,
            refresh_below=refresh_below,
        )
    if everywhere.document.status != 200:
        return everywhere
    document = Document.of(
        "details",
        cut_to_region(everywhere.document.json(), region),
        fetched_at=everywhere.document.fetched_at,
    )
    if everywhere.source is not Source.DATABASE and document.seconds_fresh > 0:
        # A stale cut would not be looked at: the answer that it is cut from tells better.
        keep(key, document, document.seconds_fresh)
    return replace(everywhere, document=document)


def refetch(movie_id: int) -> None:
    """Ask TMDb for a film whatever is kept of it, and store it; mark it if TMDb has it no more.

    Raises TMDbError but TMDbNotFound.
    """
    language = settings.TMDB_LANGUAGE
    try:
        everywhere, afterwards = _film(movie_id, language)
    except TMDbNotFound:
        return
    afterwards()
    keep(_film_key(movie_id, language), Document.of("details", everywhere))


def movie_by_imdb_id(imdb_id: str, *, language: str) -> Answer:
    """Answer `{"id": TMDb's id}` of the film with this IMDb id, and keep the film's own answer."""

    def load() -> Loaded:
        everywhere, afterwards = _film(imdb_id, language)
        movie_id = everywhere["detail"]["id"]
        keep(_film_key(movie_id, language), Document.of("details", everywhere))
        return Loaded({"id": movie_id}, afterwards=afterwards)

    def from_database() -> dict | None:
        known = database.movie(imdb_id)
        return known and {"id": known["id"]}

    with budget.reserve():
        return answer(Key.of("details", imdb_id), load, database=from_database)


def related(kind: str, movie_id: int, *, page: int, language: str) -> Answer:
    """Answer a film's `recommendations` or `similar` films.

    The first page is usually there already: it comes with the film's details.
    """

    def load() -> Loaded:
        ask = service().recommendations if kind == "recommendations" else service().similar
        return _page(ask(movie_id, page=page, language=language), page=page, language=language)

    return answer(Key.of(kind, movie_id, page=page, language=language), load)


def genre_names(language: str) -> Mapping[int, str] | None:
    """Return genre names in `language`, None while they cannot be had."""
    if time.monotonic() < _nameless_until.get(language, 0):
        return None
    try:
        with budget.reserve():
            found = answer(Key.of("genres", language=language), lambda: _genres(language))
    except TMDbError as error:
        # Or each page would wait for them in vain.
        wait = min(NAMELESS_FOR, error.retry_after or NAMELESS_FOR)
        if len(_nameless_until) >= MOST_LANGUAGES:
            _nameless_until.clear()
        _nameless_until[language] = time.monotonic() + wait
        return None
    return {genre["id"]: genre["name"] for genre in found.document.json()["genres"]}


def _genres(language: str) -> Loaded:
    names = genre_list(service().genres(language=language))

    def afterwards() -> None:
        if language == settings.TMDB_LANGUAGE:
            _stored(store.save_genres, names)

    body = {"genres": [{"id": each, "name": name} for each, name in names.items()]}
    return Loaded(body, afterwards=afterwards)


def _film_key(movie_id: int, language: str) -> Key:
    return Key.of("details", movie_id, language=language)


def _film(movie_id: int | str, language: str) -> tuple[dict, Callable[[], None]]:
    """Ask TMDb for a film, and keep the first pages of its related films.

    Returns what `all_regions` makes of the answer, and the function that stores all films that
    came with it. Raises TMDbError.
    """
    try:
        film = service().movie(movie_id, language=language)
    except TMDbNotFound:
        if isinstance(movie_id, int):
            _stored(store.mark_gone, [movie_id])
        raise
    # Details name their genres themselves: no second request for the names.
    everywhere = all_regions(
        film, language=language, fallback=settings.TMDB_LANGUAGE, genre_names=ENGLISH_GENRES
    )
    if everywhere is None or isinstance(movie_id, int) and everywhere["detail"]["id"] != movie_id:
        raise TMDbBadResponse("A details answer without its film.")
    if is_adult(film):
        _stored(store.mark_gone, [everywhere["detail"]["id"]])
        raise TMDbNotFound("Adult films are left out.")
    detail = everywhere["detail"]
    related_films = _keep_related(film, detail["id"], language)

    def afterwards() -> None:
        complete = language == settings.TMDB_LANGUAGE
        _stored(store.save_summaries, related_films, complete=complete)
        _stored(store.save_detail, detail, complete=complete)

    return everywhere, afterwards


def _keep_related(film: dict, movie_id: int, language: str) -> list[dict]:
    """Keep the first pages of recommendations and similar films that came with a film.

    Returns the films on them.
    """
    names = genre_names(language)
    pages = {}
    for kind in ("recommendations", "similar"):
        part = film.get(kind)
        try:
            pages[kind] = movie_page(
                part if isinstance(part, dict) else {}, 1, names or ENGLISH_GENRES
            )
        except TMDbBadResponse:
            logger.warning("Film %d came without its %s.", movie_id, kind)
    if names:
        for kind, page in pages.items():
            keep(Key.of(kind, movie_id, page=1, language=language), Document.of(kind, page))
    return [each for page in pages.values() for each in page["results"]]


def _page(
    found: dict,
    *,
    page: int,
    language: str,
    region: str | None = None,
    include_adult: bool = False,
) -> Loaded:
    """Turn TMDb's page into ours, its films to be stored afterwards.

    While genres have no names in the language they have English ones, and the page is not kept.
    """
    names = genre_names(language)
    body = movie_page(found, page, names or ENGLISH_GENRES, include_adult)
    films = body["results"]
    if include_adult:
        films = movie_page(found, page, names or ENGLISH_GENRES)["results"]

    def afterwards() -> None:
        complete = language == settings.TMDB_LANGUAGE and region is None
        _stored(store.save_summaries, films, complete=complete)
        if adults := adult_ids(found):
            _stored(store.mark_gone, adults)

    return Loaded(body, storable=names is not None, afterwards=afterwards)


def _joined(value: object) -> object:
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _stored(save: Callable, *args, **kwargs) -> None:
    """Store; a database that cannot take it is logged and never costs the answer."""
    try:
        save(*args, **kwargs)
    except DatabaseFailure as error:
        logger.warning("Could not store films: %s", type(error).__name__)
