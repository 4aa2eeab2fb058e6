"""The server that gunicorn.conf.py starts."""

import os

from . import env
from .cache import REDIS_URL

PORT = env.read("PORT", 8000, env.whole(1, 65535))
# TMDb takes 10 connections a machine and each worker needs one.
WEB_CONCURRENCY = env.read("WEB_CONCURRENCY", min(os.cpu_count() or 1, 10), env.whole(1, 256))
WEB_THREADS = env.read("WEB_THREADS", 8, env.whole(1, 256))
# A cache in local memory is not shared, so without Redis there is one process.
WORKERS = WEB_CONCURRENCY if REDIS_URL else 1
# How many proxies in front are ours: their X-Forwarded-* headers are believed.
TRUSTED_PROXIES = env.read("TRUSTED_PROXIES", 0, env.whole(0, 10))
