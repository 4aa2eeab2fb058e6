"""A transport adapter that connects a `requests` session to the demo, without a network."""

import http.client
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from .app import application


class DemoAdapter(BaseAdapter):
    """Calls the demo's WSGI application in this process."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Return the demo's response. Time-outs and TLS options do not apply."""
        url = request.url or ""
        parts = urlsplit(url)
        environ = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
        }
        response = Response()

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            response.status_code = int(status.split()[0])
            response.reason = http.client.responses[response.status_code]
            response.headers = CaseInsensitiveDict(headers)

        body = b"".join(application(environ, start_response))
        response.raw = HTTPResponse(
            BytesIO(body),
            headers=response.headers,
            status=response.status_code,
            preload_content=False,
        )
        response.request = request
        response.url = url
        return response

    def close(self) -> None:
        """Do nothing: there is no connection to close."""
