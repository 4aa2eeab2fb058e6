"""TMDb's genres as ours."""

from collections.abc import Mapping

from movies.genres import ENGLISH_GENRES
from movies.services.exceptions import TMDbBadResponse
from movies.shapes import Named

from . import values

GenreNames = Mapping[int, str]


def genre_list(answer: dict) -> dict[int, str]:
    """Return TMDb's genres as {id: name}; a name missing in the language is given in English.

    Raises TMDbBadResponse if there is no genre.
    """
    found = {}
    for genre in values.objects(answer.get("genres")):
        genre_id = values.tmdb_id(genre.get("id"))
        if genre_id and (name := values.text(genre.get("name")) or ENGLISH_GENRES.get(genre_id)):
            found[genre_id] = name
    if not found:
        raise TMDbBadResponse("A genre list without genres.")
    return found


def genres_of(movie: dict, genre_names: GenreNames) -> list[Named]:
    """Return a movie's genres. A list has their ids only; details have their names, too."""
    named = {
        values.tmdb_id(genre.get("id")): values.text(genre.get("name"))
        for genre in values.objects(movie.get("genres"))
    }
    raw_ids = movie.get("genre_ids")
    ids = [values.tmdb_id(each) for each in raw_ids] if isinstance(raw_ids, list) else list(named)
    names = {each: named.get(each) or genre_names.get(each) for each in ids if each}
    return [{"id": each, "name": name} for each, name in names.items() if name]
