"""A WSGI application that sends the document and does nothing else: the upper bound."""

from . import document

BODY = document()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
