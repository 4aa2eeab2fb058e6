"""Settings of gunicorn, for gunicorn.conf.py."""

import os

from . import env
from .cache import REDIS_URL

PORT = env.read("PORT", 8000, env.whole(1, 65535))
# TMDb allows 10 connections per machine, and each worker needs at least one.
WEB_CONCURRENCY = env.read("WEB_CONCURRENCY", min(os.cpu_count() or 1, 10), env.whole(1, 256))
WEB_THREADS = env.read("WEB_THREADS", 8, env.whole(1, 256))
# Without Redis, the cache is in local memory and not shared, so there is one worker.
WORKERS = WEB_CONCURRENCY if REDIS_URL else 1
# The number of our own proxies. Their X-Forwarded-* headers are trusted.
TRUSTED_PROXIES = env.read("TRUSTED_PROXIES", 0, env.whole(0, 10))
