"""Loads of callers that give TMDb less time than a page of the catalogue does."""

from dataclasses import replace

from movies.load import Load
from movies.services.tmdb_service import service


def bounded(load: Load, seconds: float, topic: str) -> Load:
    """Return this load with at most `seconds` for everything that is asked on `topic`.

    If one exchange takes more than half of these seconds without an answer, the topic is paused:
    for a while, only cached answers are given. Otherwise each answer would wait just as long.
    """
    if service().health.is_paused(topic):
        seconds = 0
    return replace(load.within(seconds), fails_alone=True, topic=topic, slow_after=seconds / 2)
