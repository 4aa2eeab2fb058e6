"""Logs go to standard error, one line an event, each with its request id."""

from . import env

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def level(raw: str) -> str:
    if raw.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return raw.upper()


LOG_LEVEL = env.read("LOG_LEVEL", "INFO", level)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "movie_recommendation_backend.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
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
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Repeats our own line of every 404.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        # Writes a line with status and time for each request; ours has the request id.
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # Their lines hold whole URLs, and so the v3 key and what people search for.
        "urllib3": {"level": "ERROR"},
        "requests": {"level": "ERROR"},
    },
}
