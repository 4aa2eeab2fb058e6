"""Throttles: how often an address, a user or an account may do something.

django-ratelimit counts in fixed windows, in the cache `limits` (see `throttle_cache`). DRF's
throttles use the same counts. All limits share one notion of a client's address.
"""

import ipaddress
import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django_ratelimit.core import get_usage
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    # Importing it here at runtime would be circular.
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

# Each limit, and the setting that holds its rate. The names are part of the keys in Redis.
LIMITS = {
    # By user, or by address if anonymous.
    "user": "THROTTLE_USER",
    "anon": "THROTTLE_ANON",
    # By address, each counted separately.
    "login": "THROTTLE_LOGIN",
    "admin-login": "THROTTLE_LOGIN",
    "register": "THROTTLE_LOGIN",
    "reset": "THROTTLE_LOGIN",
    "reset-confirm": "THROTTLE_LOGIN",
    "bad-token": "THROTTLE_LOGIN",
    # By account, from any address.
    "wrong-password": "LIMIT_WRONG_PASSWORDS",
    "reset-mail": "LIMIT_RESET_MAILS",
}


def seconds_to_wait(limit: str, client: str, *, count: bool = True) -> int:
    """Count an attempt of `client`; return 0 if it is allowed, else the seconds to wait.

    With `count=False`, only check whether another attempt would be allowed.
    """
    rate = getattr(settings, LIMITS[limit])
    usage = get_usage(None, group=limit, key=lambda *_: client, rate=rate, increment=count)
    attempts = usage["count"] if count else usage["count"] + 1
    if attempts <= usage["limit"]:
        return 0
    logger.warning("Throttled %s: the limit %s is %s.", client, limit, rate)
    return max(1, usage["time_left"])


def throttle(limit: str, client: str) -> None:
    """Count an attempt of `client`. Raise Throttled, with the seconds to wait, if it is too many.

    An attempt that is refused counts as well.
    """
    if wait := seconds_to_wait(limit, client):
        raise Throttled(wait)


def refuse_if_exceeded(limit: str, client: str) -> None:
    """Raise Throttled if another attempt would be too many. Count nothing."""
    if wait := seconds_to_wait(limit, client, count=False):
        raise Throttled(wait)


def throttle_user(user: AbstractBaseUser) -> None:
    """Count a request of `user`. Raise Throttled if it is too many."""
    throttle("user", user_key(user))


def user_key(user: AbstractBaseUser) -> str:
    """Return the name under which a user's requests are counted."""
    return f"user {user.pk}"


def client_address(request: HttpRequest | Request) -> str:
    """Return the client's IP address; for IPv6, its /64 network.

    Behind TRUSTED_PROXIES = n proxies, this is the n-th last entry of X-Forwarded-For: each proxy
    appends the address of its client, and anybody can forge the entries before those. If that
    entry is not an IP address, return the proxy's own.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        nearest = forwarded[-min(settings.TRUSTED_PROXIES, len(forwarded))]
        return parsed_address(nearest) or parsed_address(peer) or "unknown"
    return parsed_address(peer) or "unknown"


def parsed_address(raw: str) -> str | None:
    """Return an address without port and brackets, IPv6 as /64; None if it is not an address."""
    raw = raw.strip()
    if raw.startswith("["):
        raw = raw[1:].partition("]")[0]
    elif raw.count(":") == 1:
        raw = raw.partition(":")[0]
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


class ClientThrottle(BaseThrottle):
    """Throttle by user, or by address when anonymous.

    A view with a `throttle_scope` is throttled by address, under the limit of that name.
    """

    seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        scope = getattr(view, "throttle_scope", None)
        if scope is None and isinstance(request.user, AbstractBaseUser):
            self.seconds = seconds_to_wait("user", user_key(request.user))
        else:
            self.seconds = seconds_to_wait(scope or "anon", client_address(request))
        return not self.seconds

    def wait(self) -> int:
        return self.seconds
