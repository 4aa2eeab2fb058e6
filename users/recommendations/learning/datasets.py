"""Files in MovieLens format: ratings by users of films, and the films' ids elsewhere."""

import csv
from collections.abc import Callable, Iterator
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
    with opened(path) as file:
        rows = csv.DictReader(file)
        try:
            return {
                identity(row["movieId"]): identity(row["tmdbId"]) for row in rows if row["tmdbId"]
            }
        except (KeyError, ValueError, TypeError, csv.Error):
            raise BadFile(f"{path}, line {rows.line_num}: no movieId and tmdbId.") from None


def parsed(
    path: Path, columns: tuple[str, ...], read: Callable[[list[str]], Any], missing: str
) -> Iterator[Any]:
    """Yield what `read` makes of each line's `columns`, found by the header where there is one.

    Raises BadFile.
    """
    number, places = 0, None
    with opened(path) as file:
        try:
            for number, parts in enumerate(rows_of(file), 1):
                if number == 1 and (places := places_of(columns, parts)):
                    continue
                yield read([parts[place] for place in places] if places else parts)
        except (ValueError, IndexError):
            raise BadFile(f"{path}, line {number}: {missing}.") from None
        except csv.Error as error:
            raise BadFile(f"{path}, after line {number}: {error}.") from None


def places_of(columns: tuple[str, ...], parts: list[str]) -> list[int] | None:
    """Return where a header has the columns; None where these are no header.

    Raises ValueError where it lacks one, unless that is the time.
    """
    header = [each.strip().lower() for each in parts]
    if "movieid" not in header:
        return None
    return [
        header.index(each.lower())
        for each in columns
        if each != "timestamp" or "timestamp" in header
    ]


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


def rows_of(file) -> Iterator[list[str]]:
    first = file.readline()
    file.seek(0)
    if "::" in first:
        return (line.rstrip("\r\n").split("::") for line in file if line.strip())
    return (parts for parts in csv.reader(file) if parts)
