"""Run manage.py with a given configuration."""

import os
import subprocess
import sys

from django.conf import settings

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "films.example",
    "DATABASE_URL": "sqlite:////nonexistent/db.sqlite3",
    "TMDB_DEMO": "true",
}
DEVELOPMENT = {
    "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.development",
    "SECRET_KEY": "only-for-this-test",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py with these environment variables only."""
    # Empty values override a developer's .env.
    hidden = dict.fromkeys(
        ["TMDB_API_KEY", "TMDB_READ_TOKEN", "REDIS_URL", "DATABASE_URL", "DEBUG", "ALLOWED_HOSTS"],
        "",
    )
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | hidden | environment,
        capture_output=True,
        text=True,
    )


def value_of(name: str, **environment: str) -> str:
    code = f"from django.conf import settings; print(repr(settings.{name}))"
    finished = manage("shell", "--no-imports", "-c", code, **environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()
