"""REDIS_URL: the cache shared by all workers. Without it, one process caches in local memory.

With REDIS_SENTINELS, the host in REDIS_URL is the name by which the sentinels know the primary.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry

from . import env
from .limits import LIMITS_CACHE


def redis_url(raw: str) -> str:
    """Validate a URL that redis-py accepts."""
    url = env.url("redis", "rediss")(raw)
    if not re.fullmatch(r"/?[0-9]{0,4}", urlsplit(url).path):
        raise ValueError("must end with a database number, such as /0")
    try:
        ConnectionPool.from_url(url)
    except (ValueError, TypeError):
        raise ValueError("is not a usable Redis URL") from None
    return url


REDIS_URL = env.read("REDIS_URL", None, redis_url)
REDIS_SENTINELS = env.read("REDIS_SENTINELS", None, env.addresses)
if REDIS_SENTINELS and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_SENTINELS requires REDIS_URL, such as redis://mymaster/0.")
if REDIS_SENTINELS:
    DJANGO_REDIS_CONNECTION_FACTORY = "django_redis.pool.SentinelConnectionFactory"


def redis_cache(url: str, sentinels: list[tuple[str, int]] | None = None) -> dict:
    """Return the CACHES entry for this Redis."""
    timeouts = {"socket_connect_timeout": 0.2, "socket_timeout": 0.3}
    sentinel = {
        "CLIENT_CLASS": "django_redis.client.SentinelClient",
        "SENTINELS": sentinels,
        "SENTINEL_KWARGS": timeouts,
    }
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "movies",
        # While Redis is down, a command costs milliseconds and raises no error. The single retry
        # is for pooled connections that a restart of Redis has closed. redis-py's default, three
        # retries with growing pauses, takes four seconds and repeats commands that timed out,
        # although Redis may have executed them.
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.2,
            "SOCKET_TIMEOUT": 0.3,
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 1, (ConnectionError,))},
            "IGNORE_EXCEPTIONS": True,
            # By default, values are pickled, and whoever can write to Redis could run code here.
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
        }
        | (sentinel if sentinels else {}),
    }


LOCAL_MEMORY = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 5000},
}

CACHES = {
    "default": redis_cache(REDIS_URL, REDIS_SENTINELS) if REDIS_URL else LOCAL_MEMORY,
    "limits": LIMITS_CACHE,
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

CACHE_TTL_SCALE = env.read("CACHE_TTL_SCALE", 1.0, env.decimal(0.0001, 100))
# How long a worker serves a copy of a document without looking at the cache. clear_cache takes
# effect after this time.
HOT_COPY_SECONDS = env.read("HOT_COPY_SECONDS", 1.0, env.decimal(0, 60))
