"""Servers for benchmarks: the site and its contenders on one core, everything else on another."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bin"))

from rehearsal import free_port

# The server under test has the first core to itself.
SERVER_CORE, OTHER_CORE = sorted(os.sched_getaffinity(0))[:2]
STARTED_WITHIN = 60  # seconds
CONTENDER_FLAGS = [
    *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--keep-alive", "95"),
    *("--no-control-socket", "--log-level", "error"),
]


def environment(database: str, redis: str, **more: str) -> dict[str, str]:
    """Return the variables of the site in production, on its demo catalogue."""
    # Empty values override a developer's .env.
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    return dict.fromkeys(names, "") | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "TMDB_DEMO": "true",
        "WEB_CONCURRENCY": "1",
        # One client sends all requests.
        "THROTTLE_ANON": "9999999/min",
        "THROTTLE_USER": "9999999/min",
        **more,
    }


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Start what the block starts on this core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def served(
    command: list[str], variables: dict[str, str], port: int, path: str, log: Path
) -> Iterator[subprocess.Popen]:
    """Run a server on the server core until the block ends; wait until `path` answers."""
    with ExitStack() as closing:
        output = closing.enter_context(log.open("w"))
        with pinned(SERVER_CORE):
            process = subprocess.Popen(
                command, env=variables, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
            )
        closing.callback(process.wait, 30)
        closing.callback(process.terminate)
        deadline = time.monotonic() + STARTED_WITHIN
        while not answers(f"http://127.0.0.1:{port}{path}"):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{command[0]} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield process


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code < 500
    except requests.RequestException:
        return False


def gunicorn(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "gunicorn", *arguments]


@contextmanager
def site(variables: dict[str, str], log: Path, server: list[str] | None = None) -> Iterator[str]:
    """Serve the site, by default with gunicorn, and yield its URL."""
    port = free_port()
    command = [each.format(port=port) for each in server or gunicorn()]
    variables = variables | {"PORT": str(port)}
    with served(command, variables, port, "/api/health/live/", log):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def contender(application: str, variables: dict[str, str], path: str, log: Path) -> Iterator[str]:
    """Serve another WSGI application under the same gunicorn settings, and yield its URL."""
    port = free_port()
    bind = ["--config", "python:benchmarks.contenders", "--bind", f"127.0.0.1:{port}"]
    with served(gunicorn(*bind, *CONTENDER_FLAGS, application), variables, port, path, log):
        yield f"http://127.0.0.1:{port}"
