"""One movie: its details, by TMDb or IMDb id, and whether TMDb has it."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.conf import settings

from movies.cache.answers import Answer, Fetched, Source
from movies.cache.documents import Document, Key
from movies.cache.keeping import fresh, keep
from movies.cache.single_flight import answer
from movies.genres import ENGLISH_GENRES
from movies.load import Load, LoadFailed
from movies.questions import MOVIE, RECOMMENDATIONS, SIMILAR
from movies.services.exceptions import TMDbBadResponse, TMDbNotFound
from movies.services.mapping.movie import MovieEverywhere, all_regions, cut_to_region
from movies.services.mapping.summary import is_adult, movie_page
from movies.services.tmdb_service import service
from movies.shapes import MovieDetail, MovieSummary
from movies.store import reading, writing

from . import pages
from .genres import genre_names

logger = logging.getLogger(__name__)

# A movie's own language is known only from the answer. Videos are therefore requested in the
# languages in which nearly all movies are made.
VIDEO_LANGUAGES = (
    "en,fr,es,de,ja,it,ko,zh,cn,pt,ru,hi,sv,da,no,nl,fi,pl,cs,hu,tr,ar,fa,he,el,ro,th,id,ta,te,"
    "ml,kn,bn,mr,pa,ur,uk,sr,hr,bg,sk,sl,et,lv,lt,is,ka,vi,tl,ms,ca,eu,gl,sh,nb"
)


def movie(
    movie_id: int, load: Load, *, language: str, region: str, refresh_below: float = 0
) -> Answer:
    """Answer a MovieDetail, or a document with status 404. Raises LoadFailed."""
    return cut_from_details(
        Key.of(MOVIE.group, movie_id, language=language, region=region),
        lambda everywhere: cut_to_region(everywhere, region),
        movie_id,
        load,
        language=language,
        fallback=lambda: reading.known(lambda: known_everywhere(movie_id)),
        refresh_below=refresh_below,
    )


def cut_from_details(
    key: Key,
    cut: Callable[[MovieEverywhere], Mapping[str, Any]],
    movie_id: int,
    load: Load,
    *,
    language: str,
    fallback: Callable[[], MovieEverywhere | None] | None = None,
    refresh_below: float = 0,
) -> Answer:
    """Answer with `cut` applied to a movie's details, which are fetched once per language.

    `fallback` returns the details from the database, or None if they lack what `cut` needs.
    Raises LoadFailed.
    """
    if found := fresh(key, refresh_below):
        return found
    everywhere = answer(
        key_of(movie_id, language),
        lambda load: fetch(movie_id, load, language),
        load.with_reserve(),
        fallback=fallback,
        refresh_below=refresh_below,
    )
    if everywhere.document.status != 200:
        return everywhere
    document = everywhere.document.of_same_age(cut(everywhere.document.json()))
    if everywhere.source is not Source.DATABASE and document.seconds_fresh > 0:
        # A stale cut would never be read, because the stale details can be cut again.
        keep(key, document, document.seconds_fresh)
    return replace(everywhere, document=document, key=key)


def movie_by_imdb_id(imdb_id: str, load: Load, *, language: str) -> Answer:
    """Answer `{"id"}`, TMDb's id of the movie with this IMDb id, and keep the movie's own answer.

    Raises LoadFailed.
    """

    def fetch_id(load: Load) -> Fetched:
        fetched = fetch(imdb_id, load, language)
        movie_id = fetched.body["detail"]["id"]
        keep(key_of(movie_id, language), Document.of(MOVIE.group, fetched.body))
        return replace(fetched, body={"id": movie_id})

    def known_id() -> dict | None:
        found = reading.movie(imdb_id)
        return {"id": found["id"]} if found else None

    return answer(
        Key.of(MOVIE.group, imdb_id),
        fetch_id,
        load.with_reserve(),
        fallback=lambda: reading.known(known_id),
    )


def refetch(movie_id: int, load: Load) -> None:
    """Fetch a movie from TMDb, ignoring the cache, and store it. Mark it if TMDb lacks it now.

    Raises LoadFailed, but not LoadNotFound.
    """
    language = settings.TMDB_LANGUAGE
    try:
        fetched = fetch(movie_id, load, language)
    except TMDbNotFound:
        return
    fetched.afterwards()
    keep(key_of(movie_id, language), Document.of(MOVIE.group, fetched.body))


def exists(movie_id: int, load: Load) -> bool:
    """Return whether TMDb has a movie, by its row or else by fetching it, which stores it.

    Raises LoadFailed.
    """
    if known := reading.has_movies([movie_id]):
        return known[movie_id]
    found = movie(movie_id, load, language=settings.TMDB_LANGUAGE, region=settings.TMDB_REGION)
    if found.document.status != 200:
        return False
    # The fetch has stored the movie, unless the answer came from the cache.
    if not reading.has_movies([movie_id]):
        detail: MovieDetail = found.document.json()
        writing.save_detail(detail, complete=True)
    return True


def fetch_missing(movie_ids: list[int], load: Load) -> dict[int, bool]:
    """Store the movies that a bulk load can fetch.

    Returns {id: whether TMDb has it}, without the movies that could not be looked up.
    """
    known = reading.has_movies(movie_ids)
    for movie_id in [each for each in movie_ids if each not in known]:
        # The row may have arrived with another movie in the meantime, so `exists` looks again.
        # Even when TMDb may not be asked any more, the cache can still answer.
        with suppress(LoadFailed):
            known[movie_id] = exists(movie_id, load)
    return known


def key_of(movie_id: int, language: str) -> Key:
    """Return the key of TMDb's answer, which serves every region."""
    return Key.of(MOVIE.group, movie_id, language=language)


def known_everywhere(movie_id: int) -> MovieEverywhere | None:
    detail = reading.movie(movie_id)
    return {"detail": detail, "certifications": {}, "watch_providers": {}} if detail else None


def fetch(movie_id: int | str, load: Load, language: str) -> Fetched:
    """Ask TMDb for a movie with all its parts in one request; keep the related movies' first pages.

    The body is a MovieEverywhere. All movies that came with it are stored afterwards.
    """
    values = {"movie_id": movie_id, "language": language}
    try:
        raw = service().get(
            MOVIE.upstream_path(values),
            load,
            include_video_language=f"{language.split('-')[0]},{VIDEO_LANGUAGES}",
            **MOVIE.upstream_query(values),
        )
    except TMDbNotFound:
        if isinstance(movie_id, int):
            writing.try_to_store(writing.mark_gone, [movie_id])
        raise
    # Details include the names of their genres, so no second request is needed.
    everywhere = all_regions(
        raw, language=language, fallback=settings.TMDB_LANGUAGE, genre_names=ENGLISH_GENRES
    )
    if everywhere is None or isinstance(movie_id, int) and everywhere["detail"]["id"] != movie_id:
        raise TMDbBadResponse("A details answer without its movie.")
    detail = everywhere["detail"]
    if is_adult(raw):
        writing.try_to_store(writing.mark_gone, [detail["id"]])
        raise TMDbNotFound("Adult movies are left out.")
    related = keep_related(raw, load, detail["id"], language)

    def store() -> None:
        complete = language == settings.TMDB_LANGUAGE
        writing.try_to_store(writing.save_summaries, related, complete=complete)
        writing.try_to_store(writing.save_detail, detail, complete=complete)

    return Fetched(everywhere, afterwards=store)


def keep_related(raw: dict, load: Load, movie_id: int, language: str) -> list[MovieSummary]:
    """Keep the first pages of related movies that came with a movie; return their movies."""
    names = genre_names(load, language)
    related: list[MovieSummary] = []
    for question in (RECOMMENDATIONS, SIMILAR):
        name = question.group.name
        part = raw.get(name)
        try:
            page = movie_page(part if isinstance(part, dict) else {}, 1, names or ENGLISH_GENRES)
        except TMDbBadResponse:
            logger.warning("Movie %d came without its %s.", movie_id, name)
            continue
        related += page["results"]
        if names:
            values = question.with_defaults({"movie_id": movie_id, "language": language})
            keep(pages.key_of(question, values), Document.of(question.group, page))
    return related
