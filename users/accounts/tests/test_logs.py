"""Log lines identify users by id and contain no secrets."""

import json
import logging

from movie_recommendation_backend.http.request_log import JsonFormatter, RequestIdFilter
from users.models import User
from users.tests.frontend import PASSWORD


def test_a_line_has_the_users_id_and_no_secrets(visitor, mailbox, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(RequestIdFilter())
    caplog.handler.setFormatter(JsonFormatter())
    visitor.register()
    visitor.post("auth/login/", {"username": "ada@films.example", "password": "wrong password 1"})
    visitor.get("users/favorites/?query=private")
    visitor.patch("users/profile/", {"email": "new@films.example", "password": PASSWORD})
    mailbox.next()
    visitor.post("auth/refresh/", {"refresh": visitor.refresh})

    lines = [line for line in caplog.text.splitlines() if line.startswith("{")]
    [listed] = [
        line for line in map(json.loads, lines) if line.get("path") == "/api/users/favorites/"
    ]
    assert listed["user"] == User.objects.get().pk
    ours = "\n".join(line for line in lines if json.loads(line)["logger"] != "mail.log")
    secrets = [
        PASSWORD,
        "wrong password 1",
        visitor.access,
        visitor.refresh,
        "films.example",
        "private",
    ]
    assert [secret for secret in secrets if secret in ours] == []
