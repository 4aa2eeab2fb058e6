"""The WSGI application that gunicorn serves."""

import re

from django.core.wsgi import get_wsgi_application

from .settings.env import choose_settings

CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)

choose_settings("production")

django = get_wsgi_application()


def application(environ, start_response):
    """Answer in UTF-8 what was asked in UTF-8 (RFC 8259, 8.1), whatever a header calls it.

    Django decodes the query by the charset of the body: with `charset=zlib` it crashes before
    any middleware.
    """
    if content_type := environ.get("CONTENT_TYPE"):
        environ["CONTENT_TYPE"] = CHARSET.sub("", content_type)
    return django(environ, start_response)
