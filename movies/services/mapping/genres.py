"""Map TMDb's genres to ours."""

from movies.genres import ENGLISH_GENRES
from movies.services.exceptions import TMDbBadResponse

from . import values


def genre_list(answer: dict) -> dict[int, str]:
    """Return TMDb's genres as {id: name}; a name missing in the language is given in English.

    Raises TMDbBadResponse if there are no genres.
    """
    found = {}
    for genre in values.objects(answer.get("genres")):
        genre_id = values.tmdb_id(genre.get("id"))
        if genre_id and (name := values.text(genre.get("name")) or ENGLISH_GENRES.get(genre_id)):
            found[genre_id] = name
    if not found:
        raise TMDbBadResponse("The genre list is empty.")
    return found
