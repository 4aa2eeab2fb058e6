"""Logs go to standard error, one line per event, with the id of its request."""

import logging
from typing import Any

from . import env

# No format names the thread, so records do without it:
# https://docs.python.org/3/howto/logging.html#optimization
logging.logThreads = logging.logMultiprocessing = False

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def level(raw: str) -> str:
    if raw.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return raw.upper()


LOG_LEVEL = env.read("LOG_LEVEL", "INFO", level)


def at_least(floor: str) -> str:
    """Return the stricter of `floor` and LOG_LEVEL."""
    return max(floor, LOG_LEVEL, key=LOG_LEVELS.index)


def is_crash(record: logging.LogRecord) -> bool:
    return getattr(record, "status_code", 500) == 500


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "movie_recommendation_backend.http.request_log.RequestIdFilter"},
        "crashes": {"()": "django.utils.log.CallbackFilter", "callback": is_crash},
    },
    "formatters": {
        "line": {
            "()": "movie_recommendation_backend.http.request_log.LineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        },
        "json": {"()": "movie_recommendation_backend.http.request_log.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print each line twice.
        "django": {"handlers": [], "level": at_least("INFO"), "propagate": True},
        # This logger repeats our own line for every 404 and 503.
        "django.request": {
            "handlers": [],
            "level": at_least("ERROR"),
            "filters": ["crashes"],
            "propagate": True,
        },
        # Their lines contain whole URLs, including the v3 key and search queries.
        "urllib3": {"level": "ERROR"},
        "requests": {"level": "ERROR"},
    },
}
