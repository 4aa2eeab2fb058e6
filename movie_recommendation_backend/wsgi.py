"""The WSGI application that gunicorn serves."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

from .settings.env import choose_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)

choose_settings("production")

django = get_wsgi_application()

from movies.cache.hot import HotCopies


def as_utf8(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Serve a request as UTF-8 (RFC 8259, section 8.1), ignoring the charset of its Content-Type.

    Django decodes the query string with that charset. An unknown one, such as `charset=zlib`,
    crashes it before any middleware runs.
    """
    if content_type := environ.get("CONTENT_TYPE"):
        environ["CONTENT_TYPE"] = CHARSET.sub("", content_type)
    return django(environ, start_response)


application = HotCopies(as_utf8)
