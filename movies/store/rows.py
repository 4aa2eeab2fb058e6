"""Convert rows of the database to movies of the API."""

from django.conf import settings

from movies import tmdb
from movies.models import Movie
from movies.shapes import MovieDetail, MovieSummary, Named

# The parts of a MovieDetail without a column, kept as JSON, with their values if unknown.
# Certification and watch providers differ by region and are not kept.
DETAILS: dict[str, list | None] = {
    "overview": None,
    "overview_language": None,
    "tagline": None,
    "status": None,
    "homepage": None,
    "budget": None,
    "revenue": None,
    "production_countries": [],
    "spoken_languages": [],
    "collection": None,
    "keywords": [],
    "directors": [],
    "cast": [],
    "trailers": [],
}


def summary_of(movie: Movie, genres: list[Named]) -> MovieSummary:
    """Return the MovieSummary of a row and its genres."""
    return {
        "id": movie.id,
        "title": movie.title,
        "original_title": movie.original_title,
        "original_language": movie.original_language,
        "overview": movie.overview,
        "release_date": movie.release_date.isoformat() if movie.release_date else None,
        "genres": genres,
        "poster_path": movie.poster_path,
        "poster_url": tmdb.image_url(movie.poster_path, tmdb.POSTER),
        "backdrop_path": movie.backdrop_path,
        "backdrop_url": tmdb.image_url(movie.backdrop_path, tmdb.BACKDROP),
        "popularity": movie.popularity,
        "vote_average": movie.vote_average,
        "vote_count": movie.vote_count,
    }


def detail_of(movie: Movie, genres: list[Named]) -> MovieDetail:
    """Return the MovieDetail of a row and its genres, without its regional parts."""
    details = DETAILS | (movie.details or {})
    if not movie.details:
        details["overview"] = movie.overview
        details["overview_language"] = settings.TMDB_LANGUAGE if movie.overview else None
    identity = {"imdb_id": movie.imdb_id, "runtime": movie.runtime}
    summary = summary_of(movie, genres)
    return summary | identity | details  # type: ignore[return-value]  # keys of DETAILS
