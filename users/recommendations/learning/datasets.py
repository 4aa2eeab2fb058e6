"""Files in MovieLens format: ratings by users of films, and the films' ids elsewhere."""

import csv
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

LIKED = 4.0  # stars of five: a rating from here on is a favorite
LARGEST_ID = 2**62  # an id and one bit more are a number of 64 bits
HEADERS = ("userid", "movieid")  # what the first field of a header may be


class BadFile(Exception):
    """A file is not what it should be; the message names it and the line."""


@dataclass
class Interactions:
    """Who likes which film: equally long arrays of users' and films' ids, 16 bytes a pair."""

    users: np.ndarray
    films: np.ndarray

    def __len__(self) -> int:
        return len(self.users)


def liked(path: Path) -> Interactions:
    """Read the ratings of LIKED and more. Raises BadFile."""
    users, films = array("q"), array("q")
    for user, film, rating, _ in ratings(path):
        if rating >= LIKED:
            users.append(user)
            films.append(film)
    return Interactions(np.array(users), np.array(films))


def ratings(path: Path) -> Iterator[tuple[int, int, float, int | None]]:
    """Yield (user, film, stars, when), the last None where the file has no times, in seconds.

    Reads a `ratings.csv` with a header, or a `ratings.dat` with `::`. Raises BadFile.
    """
    return parsed(path, rating, "no user, film, rating and time")


def rating(parts: list[str]) -> tuple[int, int, float, int | None]:
    when = int(parts[3]) if len(parts) > 3 else None
    return identity(parts[0]), identity(parts[1]), float(parts[2]), when


def pairs(path: Path) -> Interactions:
    """Read a CSV of `userId,movieId` with a header. Raises BadFile."""
    users, films = array("q"), array("q")
    for user, film in parsed(path, pair, "no user and film"):
        users.append(user)
        films.append(film)
    return Interactions(np.array(users, np.int64), np.array(films, np.int64))


def pair(parts: list[str]) -> tuple[int, int]:
    return identity(parts[0]), identity(parts[1])


def film_ids(path: Path) -> set[int]:
    """Read the films of a `movies.csv` with a header, or of a `movies.dat`. Raises BadFile."""
    return set(parsed(path, lambda parts: identity(parts[0]), "no film"))


def tmdb_ids(path: Path) -> dict[int, int]:
    """Read a `links.csv`: {film's id: TMDb's id}, without those that have none. Raises BadFile."""
    with opened(path) as file:
        rows = csv.DictReader(file)
        try:
            return {int(row["movieId"]): int(row["tmdbId"]) for row in rows if row["tmdbId"]}
        except (KeyError, ValueError, TypeError, csv.Error):
            raise BadFile(f"{path}, line {rows.line_num}: no movieId and tmdbId.") from None


def translated(interactions: Interactions, names: dict[int, int]) -> Interactions:
    """Give the films other ids; those without one are left out."""
    known, place = np.unique(interactions.films, return_inverse=True)
    new = np.array([names.get(film, 0) for film in known.tolist()], np.int64)[place]
    return Interactions(interactions.users[new > 0], new[new > 0])


def parsed(path: Path, read: Callable[[list[str]], Any], missing: str) -> Iterator[Any]:
    """Yield what `read` makes of each line but a header. Raises BadFile."""
    number = 0
    with opened(path) as file:
        try:
            for number, parts in enumerate(rows_of(file), 1):
                if number > 1 or parts[0].strip().lower() not in HEADERS:
                    yield read(parts)
        except (ValueError, IndexError):
            raise BadFile(f"{path}, line {number}: {missing}.") from None
        except csv.Error as error:
            raise BadFile(f"{path}, after line {number}: {error}.") from None


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
