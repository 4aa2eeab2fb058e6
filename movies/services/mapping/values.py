"""Validate single values from TMDb's answers.

Each function returns a valid value or None, and raises nothing. TMDb represents unknown values as
null, "", 0 or a missing key; here they are all None.
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from movies import tmdb
from movies.text import storable

MAX_NUMBER = 2**63 - 1
MAX_CODE = 10  # characters
IMDB_ID = re.compile(tmdb.IMDB_ID)
IMAGE_PATH = re.compile(r"/[\w.-]+")


def text(value: object) -> str | None:
    """Return text that can be stored and is not blank."""
    cleaned = storable(value) if isinstance(value, str) else ""
    return cleaned if cleaned.strip() else None


def code(value: object) -> str | None:
    """Return a short code, such as a language's."""
    found = text(value)
    return found if found and len(found) <= MAX_CODE else None


def number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # This also rejects nan and inf. Integers of any size are compared without overflow.
    return value if abs(value) <= MAX_NUMBER else None


def rating(value: object) -> float | None:
    """Return a rating from 0 to 10."""
    found = number(value)
    return found if found is not None and 0 <= found <= 10 else None


def whole(value: object, low: int = 0, high: int = MAX_NUMBER) -> int | None:
    """Return an integer from `low` to `high`, also from a float such as 6.0."""
    found = number(value)
    if found is None or found != int(found) or not low <= found <= high:
        return None
    return int(found)


def tmdb_id(value: object) -> int | None:
    return whole(value, 1, tmdb.LARGEST_ID)


def imdb_id(value: object) -> str | None:
    return value if isinstance(value, str) and IMDB_ID.fullmatch(value) else None


def iso_date(value: object) -> str | None:
    """Return a date in the form YYYY-MM-DD."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def web_address(value: object) -> str | None:
    """Return an HTTP or HTTPS URL."""
    address = text(value)
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and parts.netloc
    return address if address and is_web and not re.search(r"\s", address) else None


def image_path(value: object) -> str | None:
    return value if isinstance(value, str) and IMAGE_PATH.fullmatch(value) else None


def image_url(path: object, size: str) -> str | None:
    """Return the URL of an image in `size`, a width such as w500."""
    return tmdb.image_url(image_path(path), size)


def objects(value: object) -> Iterator[dict]:
    """Yield the objects in `value`, if it is a list."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def part(parent: dict, *keys: str) -> object:
    """Return a nested value: `part(movie, "credits", "cast")`. None if a key is missing."""
    value: object = parent
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
