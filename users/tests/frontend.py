"""A frontend that calls the API, stores its tokens and sends them."""

from movie_recommendation_backend.tests.conformance import ConformingClient

PASSWORD = "correct horse 9"


class Frontend:
    def __init__(self):
        self.client = ConformingClient()
        self.access = self.refresh = None

    def call(self, method: str, path: str, body: object = None, **options):
        """Return the response of `/api/{path}`. `headers` may override the Authorization."""
        headers = {"authorization": f"Bearer {self.access}"} if self.access else {}
        headers |= options.pop("headers", {})
        send = getattr(self.client, method)
        if body is None:
            return send(f"/api/{path}", headers=headers, **options)
        return send(
            f"/api/{path}", body, content_type="application/json", headers=headers, **options
        )

    def get(self, path: str, **options):
        return self.call("get", path, **options)

    def post(self, path: str, body: object = None, **options):
        return self.call("post", path, {} if body is None else body, **options)

    def patch(self, path: str, body: object, **options):
        return self.call("patch", path, body, **options)

    def take(self, response):
        """Store the tokens of a response."""
        self.access, self.refresh = response.json()["access"], response.json()["refresh"]
        return response

    def register(self, username: str = "ada", password: str = PASSWORD):
        body = {"username": username, "email": f"{username}@films.example", "password": password}
        response = self.post("auth/register/", body)
        assert response.status_code == 201, response.content
        return self.take(response)

    def login(self, username: str = "ada", password: str = PASSWORD):
        response = self.post("auth/login/", {"username": username, "password": password})
        assert response.status_code == 200, response.content
        return self.take(response)


def errors(response) -> set[tuple[str, str | None]]:
    """Return the errors of a response as (code, attr)."""
    return {(error["code"], error["attr"]) for error in response.json()["errors"]}
