"""Rates of the throttles. `http.throttling.LIMITS` lists what each is used for."""

import re

from . import env

RATE = re.compile(r"[1-9][0-9]{0,6}/(s|sec|m|min|h|hour|d|day)")
EXAMPLE = "10/min (a number per s, min, hour or day)"

THROTTLE_ANON = env.read("THROTTLE_ANON", "120/min", env.matching(RATE, EXAMPLE))
THROTTLE_USER = env.read("THROTTLE_USER", "600/min", env.matching(RATE, EXAMPLE))
THROTTLE_LOGIN = env.read("THROTTLE_LOGIN", "10/min", env.matching(RATE, EXAMPLE))
LIMIT_WRONG_PASSWORDS = "100/hour"
LIMIT_RESET_MAILS = "20/hour"

RATELIMIT_USE_CACHE = "limits"
# The app `django_ratelimit` is not installed. It contains only a system check, which would
# reject this cache because it does not know that the cache is shared.
LIMITS_CACHE = {
    "BACKEND": "movie_recommendation_backend.http.throttle_cache.ThrottleCache",
    "LOCATION": "limits",
    # So many that no client can evict its own count by using other addresses.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
