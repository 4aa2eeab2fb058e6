"""gunicorn settings, used by bin/serve, the Procfile and the container."""

import gc
import os
import signal
import sys
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from movie_recommendation_backend.settings.env import choose_settings

wsgi_app = "movie_recommendation_backend.wsgi:application"

choose_settings("production")
try:
    settings.DEBUG
except ImproperlyConfigured as error:
    sys.exit(f"Configuration error: {error}")

# Workers share the memory of what is loaded before they are forked. The project itself is not, so
# that a reload loads new code. (`preload_app` would load everything, once and for all.)
for name in ("django_redis.cache", "jwt", "requests", "rest_framework.serializers", "yaml"):
    import_module(name)

production = os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production")
bind = f"{'0.0.0.0' if production else '127.0.0.1'}:{settings.PORT}"

worker_class = "gthread"
workers = settings.WORKERS
threads = settings.WEB_THREADS
timeout = 30
# A stopping worker finishes its requests first. Platforms kill processes after 30 seconds.
graceful_timeout = 25
# Replace workers now and then, to limit memory leaks, and at different times. Not more often: a new
# worker takes seconds to start, and a busy one answers thousands of requests in a second.
max_requests = 200_000
max_requests_jitter = 50_000
# Longer than proxies keep idle connections (nginx 60 s, Heroku's router 90 s). The proxy must be
# the one to close them. Otherwise it may send a request on a connection that is being closed.
keepalive = 95
# URLs can be long: cursors contain titles, and search queries have up to 200 characters. Both can
# be in any script, and are percent-encoded.
limit_request_line = 8190
# Django decides whether to trust a proxy's headers, by TRUSTED_PROXIES. By default, gunicorn would
# trust every client on this machine.
forwarded_allow_ips = ""
secure_scheme_headers = {}
forwarder_headers = ""
# Two servers run by the same user would both claim the path of the socket.
control_socket_disable = True
# The project logs requests itself, with the request id and without the query string.
accesslog = None
errorlog = "-"
# gunicorn's warnings quote malformed request lines, which can contain search queries.
loglevel = "error"


def pre_fork(server, worker):
    """Keep the garbage collector from writing to, and so copying, the memory that is shared."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker):
    """Ignore Ctrl-C: the master stops its workers, and a second signal could cause a deadlock."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def when_ready(server):
    """Print the address of the documentation and the services in use."""
    database = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
    catalogue = "the built-in demo" if settings.TMDB_DEMO else "TMDb"
    cache = "Redis" if settings.REDIS_URL else "local memory"
    print(f"API documentation: http://127.0.0.1:{settings.PORT}/api/docs/", flush=True)
    print(f"Database: {database} · cache: {cache} · catalogue: {catalogue}", flush=True)
    if production and "console" in settings.EMAIL_BACKEND:
        print("EMAIL_URL is not set: emails, including reset links, are printed here.", flush=True)
    elif production and "localhost" in settings.DEFAULT_FROM_EMAIL:
        print("DEFAULT_FROM_EMAIL is not set: many mail servers reject localhost.", flush=True)
    if production and not settings.TRUSTED_PROXIES:
        print("No TLS: TRUSTED_PROXIES is 0, so the site is served over plain http.", flush=True)
