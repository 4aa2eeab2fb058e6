"""The site that is checked, and how a check fails."""

from collections.abc import Callable

import requests

TIMEOUT = 15  # seconds for each response


class Failed(Exception):
    """A check failed; the message says why."""


class Site:
    """The site at `base_url`. Requests send `token` if it is set."""

    def __init__(self, base_url: str):
        self.base_url = base_url.rstrip("/")
        self.session = requests.Session()
        self.token: str | None = None
        self.password = ""

    def request(
        self,
        method: str,
        path: str,
        status: int,
        body: dict | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """Return the response for `path`. Raise Failed if it has another status."""
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            response = self.session.request(
                method,
                f"{self.base_url}{path}",
                json=body,
                headers=headers,
                allow_redirects=False,
                timeout=TIMEOUT,
            )
        except requests.RequestException as error:
            raise Failed(f"{method} {path}: {type(error).__name__}") from None
        expect(
            response.status_code == status,
            f"{method} {path}: expected status {status}, got {response.status_code}",
        )
        return response

    def get(self, path: str, status: int = 200, **headers: str) -> requests.Response:
        return self.request("GET", path, status, headers=headers)

    def post(self, path: str, status: int, body: dict) -> requests.Response:
        return self.request("POST", path, status, body)


# A check's claim, and the function that raises Failed if the claim does not hold.
Check = tuple[str, Callable[[Site], None]]


def expect(condition: object, message: str) -> None:
    """Raise Failed with `message` unless the condition is true."""
    if not condition:
        raise Failed(message)
