"""The demo under a `requests` session: the same requests, without a network."""

import http.client
from io import BytesIO
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from .app import application


class DemoAdapter(BaseAdapter):
    """A transport adapter that calls the demo's WSGI application in this process."""

    def send(
        self,
        request: PreparedRequest,
        stream=False,
        timeout=None,
        verify=True,
        cert=None,
        proxies=None,
    ) -> Response:
        url = urlsplit(request.url)
        environ = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": url.path,
            "QUERY_STRING": url.query,
        }
        started = {}

        def start_response(status: str, headers: list) -> None:
            started.update(status=int(status.split()[0]), headers=headers)

        body = b"".join(application(environ, start_response))
        response = Response()
        response.status_code = started["status"]
        response.reason = http.client.responses[started["status"]]
        response.headers = CaseInsensitiveDict(started["headers"])
        response.raw = HTTPResponse(
            BytesIO(body),
            headers=started["headers"],
            status=started["status"],
            preload_content=False,
        )
        response.request = request
        response.url = request.url
        return response

    def close(self) -> None:
        """There is nothing to close."""
