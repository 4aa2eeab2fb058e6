"""Read MovieLens files: ratings, movies, and links to TMDb's ids."""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO, TypeVar

from .interactions import Interactions

LIKED_STARS = 4.0  # ratings from here on, out of 5, count as favorites
MAX_ID = 2**62

Parsed = TypeVar("Parsed")


class BadFile(Exception):
    """A file cannot be read. The message names the file, and the line if there is one."""


def add_likes(likes: Interactions, path: Path, tmdb_ids: dict[int, int]) -> None:
    """Add the ratings of LIKED_STARS or more, under the movies' ids at TMDb.

    Movies without such an id are skipped. Raises BadFile.
    """
    for user, movie_id, stars, _ in read_ratings(path):
        if stars >= LIKED_STARS and movie_id in tmdb_ids:
            # The site's own users have positive ids, so negative ones cannot collide.
            likes.add(-1 - user, tmdb_ids[movie_id])


def read_ratings(path: Path) -> Iterator[tuple[int, int, float, int | None]]:
    """Yield (user id, movie id, stars, Unix time or None if the file has no times).

    Reads `ratings.csv` with a header, or `ratings.dat` with `::` between the fields. Raises
    BadFile.
    """
    columns = "userId", "movieId", "rating", "timestamp"
    return parse_lines(path, columns, parse_rating, "expected user, movie, rating and time")


def parse_rating(fields: list[str]) -> tuple[int, int, float, int | None]:
    """Raise ValueError or IndexError if the fields are not a rating."""
    time = int(fields[3]) if len(fields) > 3 else None
    return parse_id(fields[0]), parse_id(fields[1]), float(fields[2]), time


def read_pairs(path: Path) -> Interactions:
    """Read a CSV of `userId,movieId` with a header. Raises BadFile."""
    likes = Interactions()
    columns = "userId", "movieId"
    for user, movie_id in parse_lines(path, columns, parse_pair, "expected user and movie"):
        likes.add(user, movie_id)
    return likes


def parse_pair(fields: list[str]) -> tuple[int, int]:
    """Raise ValueError or IndexError if the fields are not two ids."""
    return parse_id(fields[0]), parse_id(fields[1])


def read_movie_ids(path: Path) -> set[int]:
    """Read the ids in `movies.csv` with a header, or in `movies.dat`. Raises BadFile."""
    return set(
        parse_lines(path, ("movieId",), lambda fields: parse_id(fields[0]), "expected a movie")
    )


def read_tmdb_ids(path: Path) -> dict[int, int]:
    """Read `links.csv` as {movie id: TMDb's id}, without movies unknown to TMDb. Raises BadFile."""
    columns = "movieId", "tmdbId"
    links = parse_lines(path, columns, parse_link, "expected movieId and tmdbId")
    return {movie_id: tmdb_id for movie_id, tmdb_id in links if tmdb_id}


def parse_link(fields: list[str]) -> tuple[int, int]:
    """Return a movie's id and its id at TMDb, or 0 if it has none.

    Raise ValueError or IndexError if the fields are not a link.
    """
    # A file without a header has three columns, with IMDb's id in the middle.
    if len(fields) > 3:
        raise ValueError
    return parse_id(fields[0]), parse_id(fields[-1]) if fields[-1].strip() else 0


def parse_id(text: str) -> int:
    """Return an id from 0 to MAX_ID - 1, or raise ValueError."""
    number = int(text)
    if not 0 <= number < MAX_ID:
        raise ValueError
    return number


def parse_lines(
    path: Path, columns: tuple[str, ...], parse: Callable[[list[str]], Parsed], expected: str
) -> Iterator[Parsed]:
    """Yield `parse(fields)` for each line.

    A header, if there is one, decides which fields are the `columns`; it may have them in any
    order. Without a header, `parse` gets all fields. Raises BadFile, with `expected` for a line
    that cannot be parsed.
    """
    number, positions = 0, None
    with open_text(path) as file:
        try:
            for number, fields in split_lines(file):
                if positions is None:
                    names = [field.strip().lower() for field in fields]
                    positions = column_positions(columns, names)
                    if "movieid" in names:
                        continue
                yield parse([fields[position] for position in positions])
        except (ValueError, IndexError):
            raise BadFile(f"{path}, line {number}: {expected}.") from None
        except csv.Error as error:
            raise BadFile(f"{path}, after line {number}: {error}.") from None


def column_positions(columns: tuple[str, ...], names: list[str]) -> Iterable[int]:
    """Return the positions of `columns` in a header, or all positions if `names` is not a header.

    Raises ValueError if a column other than the time is missing.
    """
    if "movieid" not in names:
        return range(len(names))
    wanted = [column.lower() for column in columns if column != "timestamp" or column in names]
    return [names.index(column) for column in wanted]


def open_text(path: Path) -> TextIO:
    """Open a file for reading, whatever its encoding. Raises BadFile."""
    try:
        return path.open(encoding="utf-8-sig", errors="replace", newline="")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}.") from None


def split_lines(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the fields of each line that is not empty."""
    first = file.readline()
    lines = chain([first], file)
    rows: Iterable[list[str]] = (
        (line.strip().split("::") for line in lines) if "::" in first else csv.reader(lines)
    )
    return ((number, fields) for number, fields in enumerate(rows, 1) if any(fields))
