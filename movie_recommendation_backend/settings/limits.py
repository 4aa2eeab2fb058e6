"""Limits by address, user and account; `throttling.LIMITS` says what each is for."""

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
# The application of django-ratelimit is not installed: it is but a system check that knows of no
# cache that falls back to the process.
LIMITS_CACHE = {
    "BACKEND": "movie_recommendation_backend.http.throttle_cache.LimitsCache",
    "LOCATION": "limits",
    # So many that nobody can push his own count out with other addresses.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
