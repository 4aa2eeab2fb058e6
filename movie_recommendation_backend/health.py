"""Health checks for load balancers and operators, for any Host and over plain HTTP.

`/api/health/live/` shows that the process responds. `/api/health/ready/` checks the database, the
cache and the catalogue. It sends no request to TMDb, takes less than a second, and reuses its
results for two seconds, so polling it is cheap.
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

CHECK_TIMEOUT = 0.8  # seconds
REUSED_FOR = 2.0  # seconds


class HealthMiddleware:
    """Answer the two health paths before the host and the scheme are checked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.views = {"/api/health/live": live, "/api/health/ready": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.views.get(request.path_info.removesuffix("/"))
        if view is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response = error_response(405, "method_not_allowed", "Only GET is allowed.")
            response["Allow"] = "GET, HEAD"
            return response
        return view(request)


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    checks = _checks.results()
    states = {name: check["status"] for name, check in checks.items()}
    # Down only if all three are: each of them alone can still answer some requests.
    is_down = set(states.values()) == {"down"}
    status = "down" if is_down else "ok" if set(states.values()) == {"ok"} else "degraded"
    response = JsonResponse({"status": status, "checks": checks}, status=503 if is_down else 200)
    if is_down:
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
        # Django closes connections only in threads that serve requests.
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
    """Return the state of TMDb as this process last saw it."""
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
    """Run the checks in parallel, within CHECK_TIMEOUT, at most once every REUSED_FOR seconds."""

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
        deadline = time.monotonic() + CHECK_TIMEOUT
        for name, check in self.checks.items():
            # If the last run still hangs, wait for it instead of starting another one.
            if name not in self.running or self.running[name].done():
                context = copy_context()
                self.running[name] = self.pool.submit(context.run, timed, check)
        return {name: self.outcome(name, deadline) for name in self.checks}

    def outcome(self, name: str, deadline: float) -> dict:
        try:
            return self.running[name].result(max(0, deadline - time.monotonic()))
        except TimeoutError:
            return {"status": "down", "ms": CHECK_TIMEOUT * 1000}


def timed(check: Callable[[], dict]) -> dict:
    """Return the result of `check` with its duration in milliseconds."""
    started = time.perf_counter()
    return check() | {"ms": round((time.perf_counter() - started) * 1000, 1)}


_checks = Checks(database=check_database, cache=check_cache, catalogue=check_catalogue)
