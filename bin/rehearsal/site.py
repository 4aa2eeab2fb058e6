"""The site in a rehearsal: the Procfile with production settings, and requests of its users."""

import os
import re
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import requests
from psycopg2 import sql

from . import free_port, say
from .processes import MARK
from .servers import Nginx, Postgres

ROOT = Path(__file__).resolve().parent.parent.parent
STARTED_WITHIN = 60  # seconds
# `watched` comes before `watchlist`, because it removes movies from the watchlist.
LISTS = {
    "favorites": {},
    "watched": {"watched_on": "2024-02-29"},
    "watchlist": {},
    "ratings": {"rating": 8},
    "hidden": {},
}


class Site:
    """The site under rehearsal; `environment` holds all variables of its processes."""

    def __init__(self, folder: Path, database: Postgres, name: str, redis_url: str):
        self.folder, self.port = folder, free_port()
        # Empty values override a developer's .env.
        names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
        self.environment = dict.fromkeys(names, "") | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TMPDIR": str(folder),
            MARK: str(folder),
            "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.production",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": database.url(name),
            "REDIS_URL": redis_url,
            "TMDB_DEMO": "true",
            "TRUSTED_PROXIES": "1",
            # With a single worker, a reload would prove little.
            "WEB_CONCURRENCY": "2",
            # All requests come from the same address and user.
            "THROTTLE_ANON": "100000/min",
            "THROTTLE_USER": "100000/min",
            # One line per request would hide everything else.
            "LOG_LEVEL": "WARNING",
        }
        self.ca = ""
        self.base_url = ""

    def behind(self, proxy: Nginx, ca: Path) -> None:
        """Send all further requests through `proxy`, whose certificate is `ca`."""
        self.base_url, self.ca = f"https://127.0.0.1:{proxy.https}", str(ca)

    def honcho(self, *arguments: str) -> list[str]:
        honcho = [sys.executable, "-m", "honcho", "--no-colour", "--env", "/dev/null"]
        return [*honcho, "start", "--port", str(self.port), *arguments]

    def run(self, *command: str, **more: str) -> None:
        """Run a command as an operator would on the machine of the site."""
        say(f"$ {shlex.join(command)}")
        subprocess.run(command, cwd=ROOT, env=self.environment | more, check=True)

    def release(self) -> None:
        subprocess.run(self.honcho("release"), cwd=ROOT, env=self.environment, check=True)

    @contextmanager
    def started(self) -> Iterator[float]:
        """Start web, worker and clock, and yield the seconds until the first response."""
        begun = time.monotonic()
        command = self.honcho("web", "worker", "clock")
        with subprocess.Popen(command, cwd=ROOT, env=self.environment) as process:
            try:
                while not self.answers():
                    if process.poll() is not None or time.monotonic() - begun > STARTED_WITHIN:
                        sys.exit("The site did not start.")
                    time.sleep(0.05)
                yield time.monotonic() - begun
            finally:
                process.terminate()

    def answers(self) -> bool:
        try:
            live = f"http://127.0.0.1:{self.port}/api/health/live/"
            return requests.get(live, timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def smoke_test(self) -> None:
        smoke = ["python", "manage.py", "smoke_test", "--base-url", self.base_url]
        self.run(*smoke, REQUESTS_CA_BUNDLE=self.ca)

    def ask(self, method: str, path: str, body: dict | None = None, token: str = "") -> dict:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.base_url + path
        response = requests.request(
            method, url, json=body, headers=headers, verify=self.ca, timeout=30
        )
        response.raise_for_status()
        return response.json()

    def movies(self) -> list[int]:
        return [movie["id"] for movie in self.ask("GET", "/api/movies/popular/")["results"]]

    def make_users(self, count: int) -> list[dict]:
        """Register users with movies on every list, and return their names and passwords."""
        users, movies = [], self.movies()
        for number in range(count):
            user = {"username": f"rehearsal-{number}", "password": secrets.token_urlsafe(12)}
            email = {"email": f"rehearsal-{number}@films.invalid"}
            token = self.ask("POST", "/api/auth/register/", user | email)["access"]
            for name, fields in LISTS.items():
                for movie in movies[number : number + 5]:
                    body = {"movie_id": movie, **fields}
                    self.ask("POST", f"/api/users/{name}/", body, token)
            users.append(user)
        return users

    def log_in(self, user: dict) -> str:
        return self.ask("POST", "/api/auth/login/", user)["access"]


def row_counts(url: str) -> dict[str, int]:
    """Return the number of rows in each table."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(tables)
            counts = {}
            for (table,) in cursor.fetchall():
                count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
                cursor.execute(count)
                counts[table] = cursor.fetchone()[0]
        return counts
    finally:
        connection.close()
