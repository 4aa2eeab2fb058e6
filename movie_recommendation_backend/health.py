"""Health for load balancers and operators, for any Host and over plain http.

`/api/health/live/` says that the process answers. `/api/health/ready/` says what it can work
with: it makes no upstream request, ends within a second and reuses its checks for two, so
that asking it often costs nothing.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseFailure
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from movies.services.tmdb_service import service

from .http.errors import error_response

logger = logging.getLogger(__name__)

LONGEST_CHECK = 0.8  # seconds
REUSED_FOR = 2.0  # seconds


class HealthMiddleware:
    """Answer the two health paths before anything looks at the host or the scheme."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.views = {"/api/health/live": live, "/api/health/ready": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.views.get(request.path_info.removesuffix("/"))
        if view is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response = error_response(405, "method_not_allowed", "Only GET is answered here.")
            response["Allow"] = "GET, HEAD"
            return response
        return view(request)


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    checks = _checks.results()
    states = {name: check["status"] for name, check in checks.items()}
    # Any one of the three can still answer something.
    useless = set(states.values()) == {"down"}
    status = "down" if useless else "ok" if set(states.values()) == {"ok"} else "degraded"
    response = JsonResponse({"status": status, "checks": checks}, status=503 if useless else 200)
    if useless:
        response["Retry-After"] = "10"
    return response


def check_database() -> dict:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFailure as error:
        logger.warning("Database check failed: %s", type(error).__name__)
        return {"status": "down"}
    finally:
        # The connection belongs to the checking thread, which nobody else closes.
        connection.close()
    return {"status": "ok"}


def check_cache() -> dict:
    if not settings.REDIS_URL:
        cache.get("health")
        return {"status": "ok", "backend": "local memory"}
    try:
        get_redis_connection().ping()
    except RedisError as error:
        logger.warning("Cache check failed: %s", type(error).__name__)
        return {"status": "down", "backend": "redis"}
    return {"status": "ok", "backend": "redis"}


def check_catalogue() -> dict:
    """Tell how asking TMDb goes, from what this process has seen of it."""
    if settings.TMDB_DEMO:
        return {"status": "ok", "source": "demo"}
    health = service().health
    state, succeeded_at = health.state, health.last_success_at
    return {
        "status": {"closed": "ok", "half-open": "degraded", "open": "down"}[state],
        "source": "tmdb",
        "breaker": state,
        "last_success_age": succeeded_at and round(time.time() - succeeded_at, 1),
    }


class Checks:
    """Run the checks side by side, within LONGEST_CHECK, at most once in REUSED_FOR seconds."""

    def __init__(self, **checks: Callable[[], dict]):
        self.checks = checks
        self.lock = Lock()
        self.pool = ThreadPoolExecutor(len(checks), thread_name_prefix="health")
        self.running: dict[str, Future] = {}
        self.latest: dict[str, dict] = {}
        self.ran_at = float("-inf")

    def results(self) -> dict[str, dict]:
        with self.lock:
            if time.monotonic() - self.ran_at >= REUSED_FOR:
                self.latest = self.run()
                self.ran_at = time.monotonic()
            return self.latest

    def run(self) -> dict[str, dict]:
        deadline = time.monotonic() + LONGEST_CHECK
        for name, check in self.checks.items():
            # One that still hangs from before is waited for, not joined by another.
            if name not in self.running or self.running[name].done():
                context = copy_context()
                self.running[name] = self.pool.submit(context.run, timed, check)
        return {name: self.outcome(name, deadline) for name in self.checks}

    def outcome(self, name: str, deadline: float) -> dict:
        try:
            return self.running[name].result(max(0, deadline - time.monotonic()))
        except TimeoutError:
            return {"status": "down", "ms": LONGEST_CHECK * 1000}


def timed(check: Callable[[], dict]) -> dict:
    """Run `check` and add its milliseconds."""
    begun = time.perf_counter()
    return check() | {"ms": round((time.perf_counter() - begun) * 1000, 1)}


_checks = Checks(database=check_database, cache=check_cache, catalogue=check_catalogue)
