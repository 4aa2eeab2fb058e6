"""Serve the site with gunicorn in separate processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "127.0.0.1",
    "TMDB_DEMO": "true",
    # Keep the log out of the suite's output.
    "LOG_LEVEL": "ERROR",
}


@dataclass
class Site:
    url: str
    process: subprocess.Popen

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True
        )
        return [int(line) for line in found.stdout.split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(folder, **environment: str) -> Iterator[Site]:
    """Serve the site with production settings, a database in `folder`, and these variables."""
    port = free_port()
    environment = {
        **PRODUCTION,
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PORT": str(port),
        **environment,
    }
    run = {"cwd": settings.BASE_DIR, "env": environment, "text": True}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, **run)
    # Pages need the manifest of static files, which a fresh clone lacks.
    if not (settings.BASE_DIR / "staticfiles/staticfiles.json").exists():
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, check=True, **run)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **run
    )
    try:
        while "cache:" not in (line := process.stdout.readline()):
            assert line, "gunicorn did not start"
        yield Site(f"http://127.0.0.1:{port}", process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)
        process.stdout.close()
