"""EMAIL_URL: how mails leave; without it they are printed where the server was started."""

import re
from urllib.parse import unquote, urlsplit

from . import env

# Scheme: port, TLS from the first byte, TLS by STARTTLS (RFC 8314).
SCHEMES = {
    "smtp": (25, False, False),
    "submission": (587, False, True),
    "smtps": (465, True, False),
}


def email_url(raw: str) -> dict:
    """Turn the URL of a mail server into Django's settings of it."""
    parts = urlsplit(env.url(*SCHEMES)(raw))
    port, implicit, starttls = SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": starttls,
    }


CONSOLE = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
globals().update(env.read("EMAIL_URL", CONSOLE, email_url))
EMAIL_TIMEOUT = 10  # seconds

DEFAULT_FROM_EMAIL = env.read(
    "DEFAULT_FROM_EMAIL",
    "Movie Recommendations <noreply@localhost>",
    env.matching(re.compile(r"[^\r\n@]*[^\r\n@\s]@[^\r\n@\s]+"), "Movies <noreply@films.example>"),
)
# Where the page is that a reset link leads to: never taken from a request.
FRONTEND_URL = env.read("FRONTEND_URL", None, env.url("https", "http"))
