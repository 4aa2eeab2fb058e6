"""Files in MovieLens format: ratings by users of films, and the films' ids elsewhere."""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from .interactions import Interactions

LIKED = 4.0  # stars of five: a rating from here on is a favorite
LARGEST_ID = 2**62


class BadFile(Exception):
    """A file is not what it should be; the message names it and the line."""


def add_liked(likes: Interactions, path: Path, names: dict[int, int]) -> None:
    """Add the ratings of LIKED and more of the films that `names` gives another id, under that.

    Raises BadFile.
    """
    for user, film, rating, _ in ratings(path):
        if rating >= LIKED and film in names:
            # No user of the site has a negative id: these are others.
            likes.add(-1 - user, names[film])


def ratings(path: Path) -> Iterator[tuple[int, int, float, int | None]]:
    """Yield (user, film, stars, when), the last None where the file has no times, in seconds.

    Reads a `ratings.csv` with a header, or a `ratings.dat` with `::`. Raises BadFile.
    """
    columns = "userId", "movieId", "rating", "timestamp"
    return parsed(path, columns, rating, "no user, film, rating and time")


def rating(parts: list[str]) -> tuple[int, int, float, int | None]:
    when = int(parts[3]) if len(parts) > 3 else None
    return identity(parts[0]), identity(parts[1]), float(parts[2]), when


def pairs(path: Path) -> Interactions:
    """Read a CSV of `userId,movieId` with a header. Raises BadFile."""
    likes = Interactions()
    for user, film in parsed(path, ("userId", "movieId"), pair, "no user and film"):
        likes.add(user, film)
    return likes


def pair(parts: list[str]) -> tuple[int, int]:
    return identity(parts[0]), identity(parts[1])


def film_ids(path: Path) -> set[int]:
    """Read the films of a `movies.csv` with a header, or of a `movies.dat`. Raises BadFile."""
    return set(parsed(path, ("movieId",), lambda parts: identity(parts[0]), "no film"))


def tmdb_ids(path: Path) -> dict[int, int]:
    """Read a `links.csv`: {film's id: TMDb's id}, without those that have none. Raises BadFile."""
    found = parsed(path, ("movieId", "tmdbId"), link, "no movieId and tmdbId")
    return {film: tmdb for film, tmdb in found if tmdb}


def link(parts: list[str]) -> tuple[int, int]:
    # Without a header there are three: the film's id at IMDb stands between.
    if len(parts) > 3:
        raise ValueError
    return identity(parts[0]), identity(parts[-1]) if parts[-1].strip() else 0


def parsed(
    path: Path, columns: tuple[str, ...], read: Callable[[list[str]], Any], missing: str
) -> Iterator[Any]:
    """Yield what `read` makes of each line's `columns`, found by the header where there is one.

    Raises BadFile.
    """
    number, places = 0, None
    with opened(path) as file:
        try:
            for number, parts in rows_of(file):
                if places is None:
                    names = [each.strip().lower() for each in parts]
                    places = places_of(columns, names)
                    if "movieid" in names:
                        continue
                yield read([parts[place] for place in places])
        except (ValueError, IndexError):
            raise BadFile(f"{path}, line {number}: {missing}.") from None
        except csv.Error as error:
            raise BadFile(f"{path}, after line {number}: {error}.") from None


def places_of(columns: tuple[str, ...], names: list[str]) -> Iterable[int]:
    """Return where a header has the columns; all places where these names are no header.

    Raises ValueError where it lacks one, unless that is the time.
    """
    if "movieid" not in names:
        return range(len(names))
    wanted = [each.lower() for each in columns if each != "timestamp" or each in names]
    return [names.index(each) for each in wanted]


def identity(text: str) -> int:
    """Raises ValueError."""
    number = int(text)
    if not 0 <= number < LARGEST_ID:
        raise ValueError
    return number


def opened(path: Path):
    try:
        return path.open(encoding="utf-8-sig", errors="replace", newline="")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}.") from None


def rows_of(file) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the fields of each line that is not empty."""
    first = file.readline()
    text = chain([first], file)
    rows = (line.strip().split("::") for line in text) if "::" in first else csv.reader(text)
    return ((number, parts) for number, parts in enumerate(rows, 1) if any(parts))
