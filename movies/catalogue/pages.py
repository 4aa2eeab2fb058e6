"""Questions that TMDb answers with a page of movies: charts, search, discover, related movies."""

from typing import Any

from django.conf import settings

from movies.cache.answers import Answer, Fetched
from movies.cache.documents import Key
from movies.cache.single_flight import answer
from movies.genres import ENGLISH_GENRES
from movies.load import Load
from movies.question import Question
from movies.services.mapping.summary import adult_ids, movie_page
from movies.services.tmdb_service import service
from movies.store import reading, writing

from .genres import genre_names


def page(question: Question, load: Load, *, refresh_below: float = 0, **values: Any) -> Answer:
    """Answer a page of movies: from the cache, else from TMDb, else from the database.

    `values` are the question's parameters, by our names, and the `movie_id` of a path. A document
    with `refresh_below` seconds of freshness left, or fewer, counts as stale. Raises LoadFailed.
    """
    values = question.with_defaults(values)
    return answer(
        key_of(question, values),
        lambda load: fetch(question, load, values),
        load,
        fallback=lambda: reading.known(lambda: reading.page(question, values)),
        refresh_below=refresh_below,
    )


def key_of(question: Question, values: dict) -> Key:
    """Return the key of a page; `values` include the defaults."""
    of_movie = [values["movie_id"]] if "movie_id" in values else []
    parameters = {each.name: values.get(each.name) for each in question.parameters}
    return Key.of(question.group, *of_movie, **parameters)


def fetch(question: Question, load: Load, values: dict) -> Fetched:
    """Turn TMDb's page into ours; its movies are stored afterwards.

    If the genre names in the language are unavailable, English ones are used and the page is not
    kept.
    """
    raw = service().get(question.upstream_path(values), load, **question.upstream_query(values))
    language, include_adult = values["language"], values.get("include_adult", False)
    names = genre_names(load, language)
    body = movie_page(raw, values["page"], names or ENGLISH_GENRES, include_adult)
    movies = body["results"]
    if include_adult:
        movies = movie_page(raw, values["page"], names or ENGLISH_GENRES)["results"]

    def store() -> None:
        complete = language == settings.TMDB_LANGUAGE and "region" not in values
        writing.try_to_store(writing.save_summaries, movies, complete=complete)
        if adults := adult_ids(raw):
            writing.try_to_store(writing.mark_gone, adults)

    return Fetched(body, is_cacheable=names is not None, afterwards=store)
