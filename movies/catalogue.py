"""The catalogue: one function per question, which views and commands call.

Each takes validated parameters by keyword, asks TMDb through the service layer and returns the
answer as a JSON-ready dict. On the way every film is stored, so that the lists of users and a
later fallback find it. All raise the errors of `movies.services.exceptions`.
"""

import logging
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseFailure

from . import store
from .genres import ENGLISH_GENRES
from .services.details import movie_detail
from .services.exceptions import TMDbBadResponse, TMDbError, TMDbNotFound
from .services.summaries import genre_list, is_adult, movie_page
from .services.tmdb_service import service

logger = logging.getLogger(__name__)

GENRE_NAMES_KEPT = 7 * 24 * 3600  # seconds
# Sorting by rating without a floor is led by films with one vote.
MIN_VOTES_BY_RATING = 200

# Our discover parameters, by TMDb's names for them.
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


def trending(*, window: str, page: int, language: str) -> dict:
    """Answer what everybody watches, over the `day` or the `week`."""
    answer = service().trending(window=window, page=page, language=language)
    return _page(answer, page=page, language=language)


def chart(name: str, *, page: int, language: str, region: str | None = None) -> dict:
    """Answer one of TMDb's charts: popular, top_rated, now_playing or upcoming."""
    answer = service().chart(name, page=page, language=language, region=region)
    return _page(answer, page=page, language=language, region=region)


def search(
    *, query: str, page: int, language: str, include_adult: bool, year: int | None = None
) -> dict:
    """Answer the films found under any title that TMDb knows them by."""
    answer = service().search(
        query=query, year=year, include_adult=include_adult, page=page, language=language
    )
    return _page(answer, page=page, language=language, include_adult=include_adult)


def discover(*, page: int, language: str, sort: str, **filters) -> dict:
    """Answer the films that all of `filters` (keys of DISCOVER_FILTERS) let through."""
    order = sort.removeprefix("-")
    if order == "rating":
        filters.setdefault("min_votes", MIN_VOTES_BY_RATING)
    upstream = {DISCOVER_FILTERS[name]: _joined(value) for name, value in filters.items()}
    upstream["sort_by"] = f"{DISCOVER_ORDERS[order]}.{'desc' if sort[0] == '-' else 'asc'}"
    answer = service().discover(page=page, language=language, filters=upstream)
    return _page(answer, page=page, language=language, region=filters.get("region"))


def genres(*, language: str) -> dict:
    """Answer TMDb's film genres by name."""
    names = genre_list(service().genres(language=language))
    _remember_genre_names(language, names)
    if language == settings.TMDB_LANGUAGE:
        _stored(store.save_genres, names)
    return {"genres": [{"id": genre_id, "name": name} for genre_id, name in names.items()]}


def movie(movie_id: int | str, *, language: str, region: str) -> dict:
    """Answer a film by its TMDb or IMDb id, with all that one request can tell of it."""
    try:
        film = service().movie(movie_id, language=language)
    except TMDbNotFound:
        if isinstance(movie_id, int):
            _stored(store.mark_gone, movie_id)
        raise
    # Details name their genres themselves: no second request for the names.
    detail = movie_detail(
        film,
        language=language,
        region=region,
        fallback=settings.TMDB_LANGUAGE,
        genre_names=ENGLISH_GENRES,
    )
    if detail is None or isinstance(movie_id, int) and detail["id"] != movie_id:
        raise TMDbBadResponse("A details answer without its film.")
    if is_adult(film):
        raise TMDbNotFound("Adult films are left out.")
    _stored(store.save_detail, detail, complete=language == settings.TMDB_LANGUAGE)
    return detail


def recommendations(movie_id: int, *, page: int, language: str) -> dict:
    """Answer what people who watched this film watched too."""
    answer = service().recommendations(movie_id, page=page, language=language)
    return _page(answer, page=page, language=language)


def similar(movie_id: int, *, page: int, language: str) -> dict:
    """Answer films with this film's genres and keywords."""
    answer = service().similar(movie_id, page=page, language=language)
    return _page(answer, page=page, language=language)


def genre_names(language: str) -> Mapping[int, str]:
    """Return genre names in `language`, in English while TMDb cannot be asked for them."""
    names = cache.get(f"genre-names:{language}")
    if names is None:
        try:
            names = genre_list(service().genres(language=language))
        except TMDbError:
            return ENGLISH_GENRES
        _remember_genre_names(language, names)
    return names


def _remember_genre_names(language: str, names: Mapping[int, str]) -> None:
    cache.set(f"genre-names:{language}", names, GENRE_NAMES_KEPT)


def _page(
    answer: dict,
    *,
    page: int,
    language: str,
    region: str | None = None,
    include_adult: bool = False,
) -> dict:
    """Turn TMDb's page into ours and store its films."""
    body = movie_page(answer, page, genre_names(language), include_adult)
    complete = language == settings.TMDB_LANGUAGE and region is None
    films = (
        movie_page(answer, page, ENGLISH_GENRES)["results"] if include_adult else body["results"]
    )
    if films:
        _stored(store.save_summaries, films, complete=complete)
    return body


def _joined(value: object) -> object:
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _stored(save: Callable, *args, **kwargs) -> None:
    """Store; a database that cannot take it is logged and never costs the answer."""
    try:
        save(*args, **kwargs)
    except DatabaseFailure as error:
        logger.warning("Could not store films: %s", type(error).__name__)
