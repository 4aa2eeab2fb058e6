"""Errors go to Sentry where SENTRY_DSN is set: what and where, and nothing that a client sent."""

import sentry_sdk

from .http.request_log import request_id
from .http.scrubbing import scrubbed

# Of the context of an event all else is left out.
KEPT_OF_REQUEST = {"method", "url"}
# Not from this program's texts.
AS_IT_IS = {"contexts", "modules", "sdk"}


def start(dsn: str) -> None:
    sentry_sdk.init(
        dsn,
        send_default_pii=False,
        # Passwords are local variables and bodies.
        include_local_variables=False,
        max_request_body_size="never",
        # They hold the URLs of other requests, with keys, and log lines of other users.
        max_breadcrumbs=0,
        before_send=without_secrets,
    )


def without_secrets(event: dict, hint: dict) -> dict:
    """Return an event without query, headers, cookies and body, all its texts scrubbed."""
    request = event.get("request")
    if request:
        event["request"] = {name: request[name] for name in KEPT_OF_REQUEST & request.keys()}
    if "logentry" in event:
        # What was put into the message stands there already, scrubbed.
        event["logentry"].pop("params", None)
    event.setdefault("tags", {})["request_id"] = request_id.get()
    return {
        name: part if name in AS_IT_IS else _scrubbed_deeply(part) for name, part in event.items()
    }


def _scrubbed_deeply(part: object) -> object:
    if isinstance(part, str):
        return scrubbed(part)
    if isinstance(part, dict):
        return {name: _scrubbed_deeply(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [_scrubbed_deeply(value) for value in part]
    return part
