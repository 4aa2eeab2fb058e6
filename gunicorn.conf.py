"""gunicorn's settings, for bin/serve, the Procfile and the container alike."""

import os
import signal
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from movie_recommendation_backend.settings.env import choose_settings

wsgi_app = "movie_recommendation_backend.wsgi:application"

choose_settings("production")
try:
    settings.DEBUG
except ImproperlyConfigured as error:
    sys.exit(f"Configuration error: {error}")

production = os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production")
bind = f"{'0.0.0.0' if production else '127.0.0.1'}:{settings.PORT}"

worker_class = "gthread"
workers = settings.WORKERS
threads = settings.WEB_THREADS
timeout = 30
# A worker that stops finishes its requests first. Platforms end what still runs after 30 seconds.
graceful_timeout = 25
# A worker is replaced now and then, so that a slow leak never grows large; not all at once.
max_requests = 20_000
max_requests_jitter = 5_000
# Longer than proxies keep idle connections to us (nginx 60 s, Heroku's router 90 s): who closes
# them must be the proxy, or it may send a request into one that is just being closed.
keepalive = 95
# A cursor may hold a long title of any script, and a query 200 of its letters, percent-encoded.
limit_request_line = 8190
# What a proxy says of scheme and path is Django's to judge, by TRUSTED_PROXIES. gunicorn would
# believe everybody on this machine.
forwarded_allow_ips = ""
secure_scheme_headers = {}
forwarder_headers = ""
# Two servers of one user would claim the same path for it.
control_socket_disable = True
# Ours has the request id and leaves out the query.
accesslog = None
errorlog = "-"
# Its warnings quote malformed request lines whole, and so what people search for.
loglevel = "error"


def post_worker_init(worker):
    """Leave Ctrl-C to the master, which stops its workers: two signals at once can deadlock."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def when_ready(server):
    """Say where the docs are and what the server runs on."""
    database = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
    catalogue = "the built-in demo" if settings.TMDB_DEMO else "TMDb"
    cache = "Redis" if settings.REDIS_URL else "local memory"
    print(f"API documentation: http://127.0.0.1:{settings.PORT}/api/docs/", flush=True)
    print(f"Database: {database} · cache: {cache} · catalogue: {catalogue}", flush=True)
    if production and "console" in settings.EMAIL_BACKEND:
        print("EMAIL_URL is not set: mails, reset links among them, are printed here.", flush=True)
    elif production and "localhost" in settings.DEFAULT_FROM_EMAIL:
        print("DEFAULT_FROM_EMAIL is not set: many mail servers refuse localhost.", flush=True)
    if production and not settings.TRUSTED_PROXIES:
        print("TLS is missing: TRUSTED_PROXIES is 0, so plain http is served.", flush=True)
