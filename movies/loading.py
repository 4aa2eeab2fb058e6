"""What the catalogue asks TMDb, and what becomes of the answer: bodies to keep, rows to store.

All raise the errors of `movies.services.exceptions`.
"""

import logging
import time
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import Error as DatabaseFailure

from . import limits
from .cache.documents import Document, Key
from .cache.single_flight import Loaded, answer, keep
from .genres import ENGLISH_GENRES
from .services import budget
from .services.exceptions import TMDbBadResponse, TMDbError, TMDbNotFound
from .services.mapping.movie import all_regions
from .services.mapping.summary import adult_ids, genre_list, is_adult, movie_page
from .services.tmdb_service import service
from .store import writing as store

logger = logging.getLogger(__name__)

MOST_LANGUAGES = 1000
NAMELESS_FOR = 10  # seconds that genre names are not asked for again after a failure

_nameless_until: dict[str, float] = {}  # by language, time.monotonic()


def genre_names(language: str) -> Mapping[int, str] | None:
    """Return genre names in `language`, None while they cannot be had."""
    if time.monotonic() < _nameless_until.get(language, 0):
        return None
    try:
        # Part of a load that was charged already.
        with budget.reserve(), limits.free():
            found = answer(Key.of("genres", language=language), lambda: load_genres(language))
    except budget.BudgetExhausted:
        # In bulk it is used up sooner: that says nothing of the next page.
        return None
    except TMDbError as error:
        # Or each page would wait for them in vain.
        wait = min(NAMELESS_FOR, error.retry_after or NAMELESS_FOR)
        if len(_nameless_until) >= MOST_LANGUAGES:
            _nameless_until.clear()
        _nameless_until[language] = time.monotonic() + wait
        return None
    return {genre["id"]: genre["name"] for genre in found.document.json()["genres"]}


def load_genres(language: str) -> Loaded:
    """Ask TMDb for the names of its genres; those in TMDB_LANGUAGE are stored afterwards."""
    names = genre_list(service().genres(language=language))

    def afterwards() -> None:
        if language == settings.TMDB_LANGUAGE:
            stored(store.save_genres, names)

    body = {"genres": [{"id": each, "name": name} for each, name in names.items()]}
    return Loaded(body, afterwards=afterwards)


def load_film(movie_id: int | str, language: str) -> tuple[dict, Callable[[], None]]:
    """Ask TMDb for a film, and keep the first pages of its related films.

    Returns what `all_regions` makes of the answer, and the function that stores all films that
    came with it. Raises TMDbError.
    """
    try:
        film = service().movie(movie_id, language=language)
    except TMDbNotFound:
        if isinstance(movie_id, int):
            stored(store.mark_gone, [movie_id])
        raise
    # Details name their genres themselves: no second request for the names.
    everywhere = all_regions(
        film, language=language, fallback=settings.TMDB_LANGUAGE, genre_names=ENGLISH_GENRES
    )
    if everywhere is None or isinstance(movie_id, int) and everywhere["detail"]["id"] != movie_id:
        raise TMDbBadResponse("A details answer without its film.")
    if is_adult(film):
        stored(store.mark_gone, [everywhere["detail"]["id"]])
        raise TMDbNotFound("Adult films are left out.")
    detail = everywhere["detail"]
    related_films = _keep_related(film, detail["id"], language)

    def afterwards() -> None:
        complete = language == settings.TMDB_LANGUAGE
        stored(store.save_summaries, related_films, complete=complete)
        stored(store.save_detail, detail, complete=complete)

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


def load_page(
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
        stored(store.save_summaries, films, complete=complete)
        if adults := adult_ids(found):
            stored(store.mark_gone, adults)

    return Loaded(body, storable=names is not None, afterwards=afterwards)


def stored(save: Callable, *args, **kwargs) -> None:
    """Store; a database that cannot take it is logged and never costs the answer."""
    try:
        save(*args, **kwargs)
    except DatabaseFailure as error:
        logger.warning("Could not store films: %s", type(error).__name__)
