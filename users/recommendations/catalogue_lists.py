"""Lists of movies from the catalogue: TMDb's recommendations, trending and popular movies.

The catalogue answers from its cache first.
"""

from collections.abc import Collection

from movies.cache.answers import Answer, Source
from movies.catalogue.pages import page as catalogue_page
from movies.load import Load, LoadFailed
from movies.questions import DISCOVER, POPULAR, RECOMMENDATIONS, TRENDING

from .feedback import Feedback

MAX_COLD_REQUESTS = 3  # to TMDb, for each kind of list in one answer
TRENDING_PAGES = 2
LAST_PAGE = 50  # of the popular movies that one answer searches


def recommended_by_tmdb(feedback: list[Feedback], load: Load) -> list[tuple[Feedback, list[int]]]:
    """Return TMDb's recommendations for the strongest feedback, as (feedback, movie ids).

    Lists that are unavailable are left out.
    """
    found = []
    for each in [each for each in feedback if each.is_reason][:MAX_COLD_REQUESTS]:
        try:
            answer = catalogue_page(RECOMMENDATIONS, load, movie_id=each.movie_id)
        except LoadFailed:
            continue
        if movie_ids := movie_ids_of(answer):
            found.append((each, movie_ids))
    return found


def trending(load: Load) -> list[int]:
    """Return the ids of the week's trending movies, as far as they are available."""
    # TMDb's pages overlap, so the ids are keys of a dictionary.
    movie_ids: dict[int, None] = {}
    for page in range(1, TRENDING_PAGES + 1):
        try:
            answer = catalogue_page(TRENDING, load, window="week", page=page)
        except LoadFailed:
            break
        movie_ids |= dict.fromkeys(movie_ids_of(answer))
    return list(movie_ids)


def popular(page: int, genres: Collection[int], load: Load) -> Answer:
    """Return a page of popular movies that have all of `genres`. Raises LoadFailed."""
    if genres:
        return catalogue_page(DISCOVER, load, page=page, genres=sorted(genres))
    return catalogue_page(POPULAR, load, page=page)


def movie_ids_of(answer: Answer) -> list[int]:
    """Return the ids on a page of the catalogue, none if TMDb does not know the list."""
    if answer.document.status != 200:
        return []
    return [movie["id"] for movie in answer.document.json()["results"]]


def fetch_popular(genres: Collection[int], load: Load) -> bool:
    """Make the catalogue fetch and store more popular movies that have all of `genres`.

    Return whether TMDb was asked: movies on cached pages are in the database already.
    """
    asked = 0
    for page in range(1, LAST_PAGE + 1):
        try:
            answer = popular(page, genres, load)
        except LoadFailed:
            break
        if answer.source is Source.DATABASE:
            # The caller has already searched the database.
            break
        asked += answer.source in (Source.STORED, Source.UNSTORED)
        if asked == MAX_COLD_REQUESTS or page >= answer.document.json()["total_pages"]:
            break
    return asked > 0
