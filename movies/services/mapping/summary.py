"""TMDb's list pages as ours: MovieSummary and the page around it."""

import logging
from collections.abc import Mapping

from django.conf import settings

from movies.genres import ENGLISH_GENRES
from movies.services.exceptions import TMDbBadResponse

from . import values as fields

logger = logging.getLogger(__name__)

LAST_PAGE = 500  # TMDb refuses pages beyond, whatever its totals say.
GenreNames = Mapping[int, str]


def image_url(path: object, size: str) -> str | None:
    found = fields.image_path(path)
    return f"{settings.TMDB_IMAGE_BASE_URL}/{size}{found}" if found else None


def is_adult(film: dict) -> bool:
    """Say whether TMDb marks the film as `adult` or, from 2026 on, as `softcore`."""
    return film.get("adult") is True or film.get("softcore") is True


def adult_ids(answer: dict) -> list[int]:
    """Return the ids of the films on a page that TMDb marks as adult."""
    marked = (film for film in fields.objects(answer.get("results")) if is_adult(film))
    return [movie_id for film in marked if (movie_id := fields.tmdb_id(film.get("id")))]


def movie_summary(film: dict, genre_names: GenreNames) -> dict | None:
    """Return a MovieSummary of a film as it stands in a TMDb list or details answer.

    None for what is no film: no usable id or title, or an entry of another media type.
    """
    movie_id = fields.tmdb_id(film.get("id"))
    title = fields.text(film.get("title")) or fields.text(film.get("original_title"))
    if movie_id is None or title is None or film.get("media_type", "movie") != "movie":
        return None
    vote_count = fields.whole(film.get("vote_count"))
    return {
        "id": movie_id,
        "title": title,
        "original_title": fields.text(film.get("original_title")),
        "original_language": fields.code(film.get("original_language")),
        "overview": fields.text(film.get("overview")),
        "release_date": fields.iso_date(film.get("release_date")),
        "genres": genres_of(film, genre_names),
        "poster_path": fields.image_path(film.get("poster_path")),
        "poster_url": image_url(film.get("poster_path"), "w500"),
        "backdrop_path": fields.image_path(film.get("backdrop_path")),
        "backdrop_url": image_url(film.get("backdrop_path"), "w1280"),
        "popularity": fields.number(film.get("popularity")),
        "vote_average": fields.rating(film.get("vote_average")) if vote_count else None,
        "vote_count": vote_count,
    }


def genres_of(film: dict, genre_names: GenreNames) -> list[dict]:
    """Return `[{id, name}]`; a list has ids alone, details have names of their own."""
    named = {
        fields.tmdb_id(genre.get("id")): fields.text(genre.get("name"))
        for genre in fields.objects(film.get("genres"))
    }
    ids = film.get("genre_ids")
    ids = [fields.tmdb_id(each) for each in ids] if isinstance(ids, list) else list(named)
    names = {each: named.get(each) or genre_names.get(each) for each in ids if each}
    return [{"id": each, "name": name} for each, name in names.items() if name]


def genre_list(answer: dict) -> dict[int, str]:
    """Return TMDb's genres as {id: name}; a name it lacks in the language stands in English.

    Raises TMDbBadResponse where there is not one.
    """
    found = {}
    for genre in fields.objects(answer.get("genres")):
        genre_id = fields.tmdb_id(genre.get("id"))
        name = fields.text(genre.get("name")) or ENGLISH_GENRES.get(genre_id)
        if genre_id and name:
            found[genre_id] = name
    if not found:
        raise TMDbBadResponse("A genre list without genres.")
    return found


def movie_page(
    answer: dict, page: int, genre_names: GenreNames, include_adult: bool = False
) -> dict:
    """Return TMDb's page as ours; what is no film is skipped and logged, adult films are left out.

    Raises TMDbBadResponse where `results` is no list, or holds no film among what it holds.
    """
    if not isinstance(answer.get("results"), list):
        raise TMDbBadResponse("A page without a list of results.")
    summaries, skipped = [], 0
    for film in answer["results"]:
        summary = movie_summary(film, genre_names) if isinstance(film, dict) else None
        if summary is None:
            logger.warning("Skipped an entry of page %d that is no film.", page)
            skipped += 1
        elif include_adult or not is_adult(film):
            summaries.append(summary)
    if skipped and skipped == len(answer["results"]):
        raise TMDbBadResponse("A page of results of which none is a film.")
    return {
        "page": page,
        "total_pages": min(fields.whole(answer.get("total_pages")) or 0, LAST_PAGE),
        "total_results": fields.whole(answer.get("total_results")) or 0,
        "results": summaries,
    }
