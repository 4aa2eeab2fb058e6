"""Read configuration from the environment, or from `.env` in the project's root.

An empty value counts as unset, so that an unchanged copy of `.env.example` works. An invalid value
raises ImproperlyConfigured. The message names the variable but not the value, which may be secret.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from decouple import Config, Csv, RepositoryEmpty, RepositoryEnv
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]


def _source() -> Config:
    env_file = BASE_DIR / ".env"
    hermetic = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".test")
    if hermetic or not env_file.is_file():
        return Config(RepositoryEmpty())
    return Config(RepositoryEnv(env_file))


_config = _source()


def read(name: str, default: Any = None, cast: Callable[[str], Any] = str) -> Any:
    """Return the variable `name` after `cast`, or `default` if it is unset or empty.

    `cast` raises ValueError with the rest of a sentence that begins with the variable's name.
    """
    raw = _config(name, default="").strip()
    if not raw:
        return default
    try:
        return cast(raw)
    except ValueError as error:
        reason = str(error)
    raise ImproperlyConfigured(f"{name} {reason}.")


def choose_settings(default: str) -> None:
    """Set DJANGO_SETTINGS_MODULE from the environment, `.env` or `default`, in this order."""
    os.environ["DJANGO_SETTINGS_MODULE"] = read(
        "DJANGO_SETTINGS_MODULE", f"movie_recommendation_backend.settings.{default}"
    )


def boolean(raw: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    if raw.lower() not in words:
        raise ValueError("must be true or false")
    return words[raw.lower()]


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a cast to whole numbers from `low` to `high`."""

    def cast(raw: str) -> int:
        if not (raw.isascii() and raw.isdigit() and low <= int(raw) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(raw)

    return cast


def decimal(low: float, high: float) -> Callable[[str], float]:
    """Return a cast to numbers from `low` to `high`, without exponents."""

    def cast(raw: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", raw) or not low <= float(raw) <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(raw)

    return cast


def matching(pattern: re.Pattern[str], example: str) -> Callable[[str], str]:
    """Return a cast that accepts full matches of `pattern`. Its error shows the `example`."""

    def cast(raw: str) -> str:
        if not pattern.fullmatch(raw):
            raise ValueError(f"must look like {example}")
        return raw

    return cast


def url(*schemes: str) -> Callable[[str], str]:
    """Return a cast to URLs with a host and one of `schemes`, without trailing slashes."""

    def cast(raw: str) -> str:
        try:
            parts = urlsplit(raw)
            is_valid = parts.scheme in schemes and parts.hostname and (parts.port or 1)
            is_valid = is_valid and raw.isascii() and not parts.fragment
            # Redis URLs have options in the query. The others are extended with paths.
            is_valid = is_valid and (not parts.query or "redis" in schemes)
        except ValueError:
            is_valid = False
        if not is_valid:
            raise ValueError(f"must be a URL that starts with {' or '.join(schemes)}://")
        return raw.rstrip("/")

    return cast


def names(raw: str) -> list[str]:
    """Split a comma-separated list."""
    return [name for name in Csv()(raw) if name]


def hosts(raw: str) -> list[str]:
    """Return the host names in a list, without scheme and port. `.example` matches subdomains."""
    found = names(raw)
    if not all(re.fullmatch(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]", host) for host in found):
        raise ValueError("must be a comma-separated list of host names such as films.example")
    return found


def addresses(raw: str) -> list[tuple[str, int]]:
    """Return the (host, port) pairs in a list."""
    found = [name.rpartition(":") for name in names(raw)]
    if not all(host and port.isascii() and port.isdigit() for host, _, port in found):
        raise ValueError("must be a comma-separated list of host:port such as 10.0.0.1:26379")
    return [(host, int(port)) for host, _, port in found]


def origins(raw: str) -> list[str]:
    """Return the origins in a list: scheme, host and port, without a path."""
    found = [url("http", "https")(origin) for origin in names(raw)]
    if any(urlsplit(origin).path or urlsplit(origin).query for origin in found):
        raise ValueError("must be a comma-separated list of origins such as https://films.example")
    return found
