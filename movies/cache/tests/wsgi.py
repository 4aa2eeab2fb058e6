"""A client that calls the WSGI application as a server does."""

from io import BytesIO

from django.core.handlers.wsgi import WSGIHandler

from movies.cache.hot import HotCopies


class Wsgi:
    """A WSGI client. `passed_on` counts the requests that reach Django."""

    def __init__(self):
        self.django = WSGIHandler()
        self.passed_on = 0
        self.application = HotCopies(self.pass_on)

    def pass_on(self, environ, start_response):
        self.passed_on += 1
        return self.django(environ, start_response)

    def get(self, path="/api/movies/popular/", query="", method="GET", directly=False, **headers):
        """Return the status, the headers and the body, from Django alone if `directly`."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "testserver",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        started = []
        application = self.django if directly else self.application
        body = application(environ, lambda *answer: started.extend(answer))
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return started[0], dict(started[1]), content
