"""Report errors to Sentry if SENTRY_DSN is set, without anything that a client sent."""

from typing import cast

import sentry_sdk
from sentry_sdk.types import Event, Hint

from .http.request_log import request_id
from .http.scrubbing import scrubbed

REQUEST_KEYS = {"method", "url"}
# The SDK fills these in. They contain none of our texts.
UNSCRUBBED = {"contexts", "modules", "sdk"}


def start(dsn: str) -> None:
    """Start reporting to `dsn`."""
    sentry_sdk.init(
        dsn,
        send_default_pii=False,
        # Local variables and bodies contain passwords.
        include_local_variables=False,
        max_request_body_size="never",
        # Breadcrumbs contain URLs with keys, and log lines of other users' requests.
        max_breadcrumbs=0,
        before_send=without_secrets,
    )


def without_secrets(event: Event, hint: Hint) -> Event:
    """Return the event without query, headers, cookies and body, and scrub all its texts."""
    if request := event.get("request"):
        event["request"] = {name: request[name] for name in REQUEST_KEYS & request.keys()}
    if "logentry" in event:
        # Drop the parameters, which the formatted message contains as well.
        event["logentry"] = {k: v for k, v in event["logentry"].items() if k != "params"}
    event.setdefault("tags", {})["request_id"] = request_id.get()
    scrubbed_parts = {
        name: part if name in UNSCRUBBED else _scrubbed_deeply(part) for name, part in event.items()
    }
    return cast(Event, scrubbed_parts)


def _scrubbed_deeply(part: object) -> object:
    if isinstance(part, str):
        return scrubbed(part)
    if isinstance(part, dict):
        return {name: _scrubbed_deeply(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [_scrubbed_deeply(value) for value in part]
    return part
