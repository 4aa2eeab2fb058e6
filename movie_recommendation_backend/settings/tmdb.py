"""TMDb: credentials and URLs, and whether the built-in demo replaces it."""

import re

from django.core.exceptions import ImproperlyConfigured

from . import env
from .server import WORKERS

TMDB_API_KEY = env.read(
    "TMDB_API_KEY", "", env.matching(re.compile(r"[0-9a-f]{32}"), "32 hex digits")
)
TMDB_READ_TOKEN = env.read(
    "TMDB_READ_TOKEN",
    "",
    env.matching(re.compile(r"eyJ[\w.-]+", re.ASCII), "the long token that starts with eyJ"),
)
TMDB_DEMO = env.read("TMDB_DEMO", not (TMDB_API_KEY or TMDB_READ_TOKEN), env.boolean)
if not (TMDB_DEMO or TMDB_API_KEY or TMDB_READ_TOKEN):
    raise ImproperlyConfigured(
        "TMDB_DEMO is false, so TMDB_READ_TOKEN or TMDB_API_KEY must be set."
    )

TMDB_BASE_URL = env.read("TMDB_BASE_URL", "https://api.themoviedb.org/3", env.url("http", "https"))
TMDB_IMAGE_BASE_URL = env.read(
    "TMDB_IMAGE_BASE_URL", "https://image.tmdb.org/t/p", env.url("http", "https")
)


def language(raw: str) -> str:
    """Return a language, `xx` or `xx-YY` ignoring case, as TMDb spells it."""
    code, _, country = env.matching(re.compile(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?"), "en or en-US")(
        raw
    ).partition("-")
    return f"{code.lower()}-{country.upper()}" if country else code.lower()


TMDB_LANGUAGE = env.read("TMDB_LANGUAGE", "en-US", language)
TMDB_REGION = env.read("TMDB_REGION", "US", env.matching(re.compile(r"[a-zA-Z]{2}"), "US")).upper()
# TMDb allows 10 connections per IP address. The workers share them.
TMDB_CONNECTIONS = max(1, 10 // WORKERS)
TMDB_REQUESTS_PER_SECOND = env.read("TMDB_REQUESTS_PER_SECOND", 20, env.whole(1, 50))
