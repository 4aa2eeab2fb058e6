"""Read configuration from the environment, or from `.env` in the project's root.

An empty value counts as unset, so that a copy of `.env.example` works as it stands. A value
that cannot be used raises ImproperlyConfigured with a sentence that names the variable and
never repeats the value, which may be a secret.
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
    """Return the variable `name` cast by `cast`, or `default` (as it is) when unset or empty."""
    raw = _config(name, default="").strip()
    if not raw:
        return default
    try:
        return cast(raw)
    except ValueError as error:
        reason = str(error)
    raise ImproperlyConfigured(f"{name} {reason}.")


def choose_settings(default: str) -> None:
    """Set DJANGO_SETTINGS_MODULE: what is set, else what `.env` says, else `default`."""
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
    """Accept a whole number from `low` to `high`."""

    def cast(raw: str) -> int:
        if not (raw.isascii() and raw.isdigit() and low <= int(raw) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(raw)

    return cast


def decimal(low: float, high: float) -> Callable[[str], float]:
    """Accept a plain decimal number from `low` to `high`."""

    def cast(raw: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", raw) or not low <= float(raw) <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(raw)

    return cast


def matching(pattern, example: str) -> Callable[[str], str]:
    """Accept what the compiled `pattern` matches whole; `example` shows what is meant."""

    def cast(raw: str) -> str:
        if not pattern.fullmatch(raw):
            raise ValueError(f"must look like {example}")
        return raw

    return cast


def url(*schemes: str) -> Callable[[str], str]:
    """Accept a URL of one of `schemes` with a host; a slash at its end is cut off."""

    def cast(raw: str) -> str:
        try:
            parts = urlsplit(raw)
            usable = parts.scheme in schemes and parts.hostname and (parts.port or 1)
            usable = usable and raw.isascii() and not parts.fragment
            # A Redis URL has its options there; an address that paths are added to has none.
            usable = usable and (not parts.query or "redis" in schemes)
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(f"must be a URL that begins with {' or '.join(schemes)}://")
        return raw.rstrip("/")

    return cast


def names(raw: str) -> list[str]:
    """Split a comma list."""
    return [name for name in Csv()(raw) if name]


def hosts(raw: str) -> list[str]:
    """Accept a comma list of host names, without scheme and port; `.example` has subdomains."""
    found = names(raw)
    if not all(re.fullmatch(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]", host) for host in found):
        raise ValueError("must be a comma list of host names such as films.example")
    return found


def addresses(raw: str) -> list[tuple[str, int]]:
    """Accept a comma list of hosts with ports."""
    found = [name.rpartition(":") for name in names(raw)]
    if not all(host and port.isascii() and port.isdigit() for host, _, port in found):
        raise ValueError("must be a comma list of hosts with ports such as 10.0.0.1:26379")
    return [(host, int(port)) for host, _, port in found]


def origins(raw: str) -> list[str]:
    """Accept a comma list of origins: scheme, host and port, nothing behind."""
    found = [url("http", "https")(origin) for origin in names(raw)]
    if any(urlsplit(origin).path or urlsplit(origin).query for origin in found):
        raise ValueError("must be a comma list of origins such as https://films.example")
    return found
