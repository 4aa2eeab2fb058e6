"""Requests per second of the site and of what a team might build instead, side by side.

All servers run at once, each with one worker on the same core. wrk asks them in turn from another
core, for several rounds, so that all have the same share of a disturbance.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests


from .serving import OTHER_CORE, ROOT, contender, pinned, site

CONNECTIONS = 16
DOCUMENT = "/api/movies/popular/"
FAVORITES = "/api/users/favorites/"
OURS = {"DJANGO_SETTINGS_MODULE": "benchmarks.contenders.ours"}
USUAL = {"DJANGO_SETTINGS_MODULE": "benchmarks.contenders.usual"}
GRANIAN = [
    *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}"),
    *("--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "error"),
    "movie_recommendation_backend.wsgi:application",
]


@dataclass
class Contender:
    """A URL to ask, and what was measured. With `unique`, each request has its own query."""

    name: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    unique: bool = False
    rounds: list[dict[str, float]] = field(default_factory=list)

    def ask(self, seconds: float) -> dict[str, float]:
        """Ask for so long, and return per_second, failed, and p50, p95 and p99 in milliseconds."""
        command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS)]
        command += ["--duration", f"{seconds:g}s", "--script", str(ROOT / "benchmarks/report.lua")]
        for name, value in self.headers.items():
            command += ["--header", f"{name}: {value}"]
        command += [self.url, *(["--", "unique"] if self.unique else [])]
        with pinned(OTHER_CORE):
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return json.loads(output.splitlines()[-1])

    def median(self, name: str) -> float:
        return statistics.median(each[name] for each in self.rounds)


@dataclass(frozen=True)
class Ratio:
    """A ratio of two contenders, and the least that it should be."""

    name: str
    one: str
    other: str
    at_least: float


RATIOS = [
    Ratio("hot document ÷ bare WSGI app", "hot", "bare", 0.75),
    Ratio("hot document ÷ `cache_page` over DRF", "hot", "cache_page", 4),
    Ratio("hot document ÷ DRF over a cached object", "hot", "cached object", 4),
    Ratio("hot document ÷ bare view behind our middleware", "hot", "view, ours", 2.2),
    Ratio("document by a look at Redis each time ÷ bare WSGI app", "from Redis", "bare", 0.5),
    Ratio("304 ÷ 200, hot", "304", "hot", 1.0),
    Ratio("gzipped ÷ plain, hot", "gzipped", "hot", 0.9),
    Ratio("bare view: our middleware ÷ Django's default", "view, ours", "view, default", 0.75),
    Ratio("document through Django ÷ `cache_page` over DRF", "through Django", "cache_page", 0.75),
    Ratio("favorites ÷ favorites by hand", "favorites", "favorites by hand", 0.7),
]


@contextmanager
def contenders(folder: Path, variables: dict[str, str], token: str) -> Iterator[list[Contender]]:
    """Serve all contenders, and yield them."""
    with ExitStack() as running:
        logs = (folder / f"server-{number}.log" for number in range(100))

        def serve(start: Callable, *arguments: object) -> str:
            return running.enter_context(start(*arguments, next(logs)))

        document = folder / "document.json"
        variables = variables | {"DOCUMENT": str(document)}
        document.write_bytes(b"{}")
        ours = serve(site, variables | OURS)
        document.write_bytes(requests.get(ours + DOCUMENT, timeout=10).content)
        # Bare views read the document when they are loaded.
        views = serve(site, variables | OURS)
        from_redis = serve(site, variables | {"HOT_COPY_SECONDS": "0"})
        bare = serve(contender, "benchmarks.contenders.bare:application", variables, "/")
        wsgi = "django.core.wsgi:get_wsgi_application()"
        usual = serve(contender, wsgi, variables | USUAL, "/bare/")
        granian = running.enter_context(site(variables | OURS, next(logs), GRANIAN))
        user = {"Authorization": f"Bearer {token}"}
        yield [
            Contender("bare", f"{bare}/"),
            Contender("hot", ours + DOCUMENT),
            Contender("gzipped", ours + DOCUMENT, {"Accept-Encoding": "gzip"}),
            Contender("304", ours + DOCUMENT, {"If-None-Match": "*"}),
            Contender("from Redis", from_redis + DOCUMENT),
            Contender("through Django", ours + DOCUMENT, unique=True),
            Contender("view, ours", f"{views}/api/movies/bare/"),
            Contender("view, default", f"{usual}/bare/"),
            Contender("cache_page", f"{usual}/cache-page/"),
            Contender("cached object", f"{usual}/cached-object/"),
            Contender("favorites", views + FAVORITES, user),
            Contender("favorites by hand", f"{views}/api/users/favorites-by-hand/", user),
            Contender("granian: hot", granian + DOCUMENT),
            Contender("granian: through Django", granian + DOCUMENT, unique=True),
            Contender("granian: favorites", granian + FAVORITES, user),
        ]


def measure(
    folder: Path, variables: dict[str, str], token: str, rounds: int, seconds: float
) -> list[Contender]:
    """Return the contenders with `rounds` measurements of `seconds` each."""
    with contenders(folder, variables, token) as found:
        for each in found:
            check(each)
            each.ask(min(seconds, 1))
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", flush=True)
            for each in found:
                result = each.ask(seconds)
                if result["failed"]:
                    raise RuntimeError(f"{each.name}: {result['failed']:.0f} requests failed")
                each.rounds.append(result)
    return found


def check(each: Contender) -> None:
    """Raise an error unless the contender answers as its name says."""
    for _ in range(2):
        answer = requests.get(each.url, headers=each.headers, timeout=10)
    if answer.status_code != (304 if each.name == "304" else 200):
        raise RuntimeError(f"{each.name}: {answer.status_code} {answer.text[:200]}")


def ratio(found: list[Contender], wanted: Ratio) -> float:
    """Return the median of the ratios of all rounds."""
    by_name = {each.name: each.rounds for each in found}
    pairs = zip(by_name[wanted.one], by_name[wanted.other])
    return statistics.median(one["per_second"] / other["per_second"] for one, other in pairs)


def token_of(user: str, variables: dict[str, str]) -> str:
    """Return an access token for this user of the site."""
    code = (
        "from users.models import User; from users.accounts.tokens import tokens_for;"
        f" print(tokens_for(User.objects.get(username={user!r}))['access'])"
    )
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    run = subprocess.run(
        command, env=variables, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return run.stdout.split()[-1]
