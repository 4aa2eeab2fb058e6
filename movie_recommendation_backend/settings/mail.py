"""EMAIL_URL: the mail server. Without it, emails are printed to the console."""

import re
from typing import NamedTuple
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


class MailServer(NamedTuple):
    backend: str = CONSOLE
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    implicit_tls: bool = False
    starttls: bool = False


def email_url(raw: str) -> MailServer:
    parts = urlsplit(env.url(*SCHEMES)(raw))
    port, implicit, starttls = SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(
        SMTP, parts.hostname or "", parts.port or port, user, password, implicit, starttls
    )


_server = env.read("EMAIL_URL", MailServer(), email_url)
EMAIL_BACKEND = _server.backend
EMAIL_HOST = _server.host
EMAIL_PORT = _server.port
EMAIL_HOST_USER = _server.user
EMAIL_HOST_PASSWORD = _server.password
EMAIL_USE_SSL = _server.implicit_tls
EMAIL_USE_TLS = _server.starttls
EMAIL_TIMEOUT = 10  # seconds

DEFAULT_FROM_EMAIL = env.read(
    "DEFAULT_FROM_EMAIL",
    "Movie Recommendations <noreply@localhost>",
    env.matching(re.compile(r"[^\r\n@]*[^\r\n@\s]@[^\r\n@\s]+"), "Movies <noreply@films.example>"),
)
# The site whose page reset links lead to. It is never taken from a request.
FRONTEND_URL = env.read("FRONTEND_URL", None, env.url("https", "http"))
