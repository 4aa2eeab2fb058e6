"""TMDb's genres by name: a question of their own, and the names that every page needs."""

from collections.abc import Mapping

from django.conf import settings

from movies.cache.answers import Answer, Fetched
from movies.cache.documents import Key
from movies.cache.single_flight import answer
from movies.load import Load, LoadFailed
from movies.questions import GENRES
from movies.services.budget import BudgetExhausted
from movies.services.health import NAMES_PAUSE
from movies.services.mapping.genres import genre_list
from movies.services.tmdb_service import service
from movies.store import reading, writing


def genres(load: Load, *, language: str, refresh_below: float = 0) -> Answer:
    """Answer `{"genres": [{"id", "name"}]}`. Raises LoadFailed."""
    return answer(
        Key.of(GENRES.group, language=language),
        lambda load: fetch(load, language),
        load,
        fallback=lambda: reading.known(reading.genres),
        refresh_below=refresh_below,
    )


def genre_names(load: Load, language: str) -> Mapping[int, str] | None:
    """Return {id: name} in `language`, or None while TMDb does not answer."""
    health, topic = service().health, f"genre names in {language}"
    if health.is_paused(topic):
        return None
    try:
        # This load has already counted against its client.
        found = answer(
            Key.of(GENRES.group, language=language),
            lambda load: fetch(load, language),
            load.unthrottled().with_reserve(),
        )
    except BudgetExhausted:
        # A bulk load uses up its share sooner, which says nothing about the next page.
        return None
    except LoadFailed as error:
        # Without a pause, each page would wait for the names in vain.
        health.pause(topic, min(NAMES_PAUSE, error.retry_after or NAMES_PAUSE))
        return None
    return {genre["id"]: genre["name"] for genre in found.document.json()["genres"]}


def fetch(load: Load, language: str) -> Fetched:
    values = {"language": language}
    raw = service().get(GENRES.upstream_path(values), load, **GENRES.upstream_query(values))
    names = genre_list(raw)

    def store() -> None:
        if language == settings.TMDB_LANGUAGE:
            writing.try_to_store(writing.save_genres, names)

    body = {"genres": [{"id": each, "name": name} for each, name in names.items()]}
    return Fetched(body, afterwards=store)
