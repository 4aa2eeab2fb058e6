"""EMAIL_URL: how mails leave; without it they are printed where the server was started."""

import re
from urllib.parse import unquote, urlsplit

from . import env

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
# Scheme: port, TLS from the first byte, TLS by STARTTLS (RFC 8314).
SCHEMES = {
    "smtp": (25, False, False),
    "submission": (587, False, True),
    "smtps": (465, True, False),
}


def email_url(raw: str) -> tuple:
    """Turn the URL of a mail server into the settings below."""
    parts = urlsplit(env.url(*SCHEMES)(raw))
    port, implicit, starttls = SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SMTP, parts.hostname, parts.port or port, user, password, implicit, starttls


(
    EMAIL_BACKEND,
    EMAIL_HOST,
    EMAIL_PORT,
    EMAIL_HOST_USER,
    EMAIL_HOST_PASSWORD,
    EMAIL_USE_SSL,
    EMAIL_USE_TLS,
) = env.read("EMAIL_URL", (CONSOLE, "localhost", 25, "", "", False, False), email_url)
EMAIL_TIMEOUT = 10  # seconds

DEFAULT_FROM_EMAIL = env.read(
    "DEFAULT_FROM_EMAIL",
    "Movie Recommendations <noreply@localhost>",
    env.matching(re.compile(r"[^\r\n@]*[^\r\n@\s]@[^\r\n@\s]+"), "Movies <noreply@films.example>"),
)
# Where the page is that a reset link leads to: never taken from a request.
FRONTEND_URL = env.read("FRONTEND_URL", None, env.url("https", "http"))
