"""Limits: how often an address, a user or an account may do what costs something.

django-ratelimit counts, in windows of a fixed length, in the cache `limits` (see `limits_cache`);
DRF's throttles ask it. One notion of a client's address serves every limit.
"""

import ipaddress
import logging

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)

# What is counted, and the setting that says how often.
LIMITS = {
    # By user, or by address where nobody is logged in.
    "user": "THROTTLE_USER",
    "anon": "THROTTLE_ANON",
    # By address, each apart.
    "login": "THROTTLE_LOGIN",
    "admin-login": "THROTTLE_LOGIN",
    "register": "THROTTLE_LOGIN",
    "reset": "THROTTLE_LOGIN",
    "reset-confirm": "THROTTLE_LOGIN",
    "bad-token": "THROTTLE_LOGIN",
    # By account, wherever the requests come from.
    "wrong-password": "LIMIT_WRONG_PASSWORDS",
    "reset-mail": "LIMIT_RESET_MAILS",
}


def seconds_to_wait(limit: str, who: str, *, count: bool = True) -> int:
    """Count one more of `limit` for `who`; return 0, or the seconds until there may be one.

    Without `count` nothing is counted: would there be room for one?
    """
    rate = getattr(settings, LIMITS[limit])
    usage = get_usage(None, group=limit, key=lambda *_: who, rate=rate, increment=count)
    taken = usage["count"] if count else usage["count"] + 1
    if taken <= usage["limit"]:
        return 0
    logger.warning("The limit %s (%s) is reached by %s.", limit, rate, who)
    return max(1, usage["time_left"])


def charge(limit: str, who: str) -> None:
    """Count one more of `limit` for `who`. Raises Throttled, with the seconds to wait."""
    if wait := seconds_to_wait(limit, who):
        raise Throttled(wait)


def refuse_beyond(limit: str, who: str) -> None:
    """Raise Throttled if there is no room for one more; count nothing."""
    if wait := seconds_to_wait(limit, who, count=False):
        raise Throttled(wait)


def charge_user(user) -> None:
    """Count one more call of a user's. Raises Throttled."""
    charge("user", user_key(user))


def user_key(user) -> str:
    return f"user {user.pk}"


def client_address(request: HttpRequest) -> str:
    """Return the client's address, an IPv6 one as its /64 network.

    Behind TRUSTED_PROXIES = n proxies it is the n-th last of X-Forwarded-For: each proxy appends
    whom it was asked by, and what stands further left anybody can have written. What is no
    address there counts as the proxy's own.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        nearest = forwarded[-min(settings.TRUSTED_PROXIES, len(forwarded))]
        return parsed_address(nearest) or parsed_address(peer) or "unknown"
    return parsed_address(peer) or "unknown"


def parsed_address(raw: str) -> str | None:
    """Return an address without port, brackets and IPv6's lower half; None for anything else."""
    raw = raw.strip()
    if raw.startswith("["):
        raw = raw[1:].partition("]")[0]
    elif raw.count(":") == 1:
        raw = raw.partition(":")[0]
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


class ClientThrottle(BaseThrottle):
    """Charge the user, or the address of who is nobody; the view says otherwise in `limit`."""

    seconds = 0

    def allow_request(self, request, view) -> bool:
        limit = getattr(view, "limit", None)
        if limit is None and request.user:
            self.seconds = seconds_to_wait("user", user_key(request.user))
        else:
            self.seconds = seconds_to_wait(limit or "anon", client_address(request))
        return not self.seconds

    def wait(self) -> int:
        return self.seconds
