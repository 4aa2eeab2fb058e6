"""Map a movie in TMDb's lists to a MovieSummary, and the page that contains it."""

import logging
from collections.abc import Mapping

from movies import tmdb
from movies.services.exceptions import TMDbBadResponse
from movies.shapes import MoviePage, MovieSummary, Named

from . import values

logger = logging.getLogger(__name__)

GenreNames = Mapping[int, str]


def is_adult(movie: dict) -> bool:
    """Return whether TMDb marks the movie as `adult` or, since 2026, as `softcore`."""
    return movie.get("adult") is True or movie.get("softcore") is True


def adult_ids(answer: dict) -> list[int]:
    """Return the ids of the movies on a page that TMDb marks as adult."""
    marked = (movie for movie in values.objects(answer.get("results")) if is_adult(movie))
    return [movie_id for movie in marked if (movie_id := values.tmdb_id(movie.get("id")))]


def movie_summary(movie: dict, genre_names: GenreNames) -> MovieSummary | None:
    """Return the MovieSummary of an entry of a TMDb list, or of a details answer.

    Returns None if the entry is not a movie: it has no usable id or title, or another media type.
    """
    movie_id = values.tmdb_id(movie.get("id"))
    title = values.text(movie.get("title")) or values.text(movie.get("original_title"))
    if movie_id is None or title is None or movie.get("media_type", "movie") != "movie":
        return None
    vote_count = values.whole(movie.get("vote_count"))
    return {
        "id": movie_id,
        "title": title,
        "original_title": values.text(movie.get("original_title")),
        "original_language": values.code(movie.get("original_language")),
        "overview": values.text(movie.get("overview")),
        "release_date": values.iso_date(movie.get("release_date")),
        "genres": genres_of(movie, genre_names),
        "poster_path": values.image_path(movie.get("poster_path")),
        "poster_url": values.image_url(movie.get("poster_path"), tmdb.POSTER),
        "backdrop_path": values.image_path(movie.get("backdrop_path")),
        "backdrop_url": values.image_url(movie.get("backdrop_path"), tmdb.BACKDROP),
        "popularity": values.number(movie.get("popularity")),
        "vote_average": values.rating(movie.get("vote_average")) if vote_count else None,
        "vote_count": vote_count,
    }


def genres_of(movie: dict, genre_names: GenreNames) -> list[Named]:
    """Return a movie's genres. Lists contain only their ids; details contain their names too."""
    named = {
        values.tmdb_id(genre.get("id")): values.text(genre.get("name"))
        for genre in values.objects(movie.get("genres"))
    }
    raw_ids = movie.get("genre_ids")
    ids = [values.tmdb_id(each) for each in raw_ids] if isinstance(raw_ids, list) else list(named)
    names = {each: named.get(each) or genre_names.get(each) for each in ids if each}
    return [{"id": each, "name": name} for each, name in names.items() if name]


def movie_page(
    answer: dict, page: int, genre_names: GenreNames, include_adult: bool = False
) -> MoviePage:
    """Return TMDb's page as ours, without adult movies. Entries that are not movies are skipped.

    Raises TMDbBadResponse if `results` is not a list, or has entries but no movie among them.
    """
    if not isinstance(answer.get("results"), list):
        raise TMDbBadResponse("A page without a list of results.")
    summaries, skipped = [], 0
    for movie in answer["results"]:
        summary = movie_summary(movie, genre_names) if isinstance(movie, dict) else None
        if summary is None:
            logger.warning("Skipped an entry of page %d that is not a movie.", page)
            skipped += 1
        elif include_adult or not is_adult(movie):
            summaries.append(summary)
    if skipped and skipped == len(answer["results"]):
        raise TMDbBadResponse("None of the results on the page is a movie.")
    return {
        "page": page,
        "total_pages": min(values.whole(answer.get("total_pages")) or 0, tmdb.LAST_PAGE),
        "total_results": values.whole(answer.get("total_results")) or 0,
        "results": summaries,
    }
