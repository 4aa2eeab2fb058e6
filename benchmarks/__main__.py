"""Run all benchmarks, and write RESULTS.md with the figures and two plots.

    bin/benchmark [--rounds N] [--seconds S] [--users N --movies N --favorites N] [--only PART]

Needs two cores, the programs of PostgreSQL and Redis, and wrk. All servers are started for the run,
in a temporary folder.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import cold, results, throughput
from .serving import OTHER_CORE, ROOT, environment, pinned

from rehearsal import say, servers

PROGRAMS = ("wrk", "redis-server", "taskset")
PARTS = ("throughput", "growth", "recommendations")
SMALL = {"users": 1000, "movies": 5000, "favorites": 10_000}


def main() -> None:
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement")
    parser.add_argument("--users", type=int, default=200_000, help="of the big site")
    parser.add_argument("--movies", type=int, default=100_000)
    parser.add_argument("--favorites", type=int, default=10_000_000)
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="other parts stay as written"
    )
    given = parser.parse_args()
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing or not servers.postgres_programs():
        sys.exit(f"Needed: PostgreSQL's server, {', '.join(missing)}. On Debian, apt-get has them.")
    parts = given.only or PARTS
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    with ExitStack() as running:
        running.callback(shutil.rmtree, folder, ignore_errors=True)
        with pinned(OTHER_CORE):
            postgres = running.enter_context(servers.postgres(folder / "postgres"))
            redis = running.enter_context(servers.redis(folder))
        variables = environment(postgres.url("small"), redis, JWT_ACCESS_MINUTES="600")
        generate(variables, SMALL)
        if "throughput" in parts:
            token = throughput.token_of("typical", variables)
            found = throughput.measure(folder, variables, token, given.rounds, given.seconds)
            results.write_throughput(found, *cold.measure(folder, variables))
        # The modules below set Django up for this server.
        os.environ |= {"DATABASE_URL": postgres.url("postgres"), "REDIS_URL": redis}
        if "growth" in parts:
            from . import growth

            sizes = {name: getattr(given, name) for name in SMALL}
            generate(variables | {"DATABASE_URL": postgres.url("big")}, sizes)
            results.write_growth(growth.measure("small", "big"), SMALL, sizes)
        if "recommendations" in parts:
            from . import recommendations

            found, _ = recommendations.measure()
            results.write_recommendations(found)
    say(f"Written: {results.FILE.relative_to(ROOT)}")


def generate(variables: dict[str, str], sizes: dict[str, int]) -> None:
    options = [text for name, size in sizes.items() for text in (f"--{name}", str(size))]
    command = [sys.executable, "benchmarks/generate.py", "--replace", *options]
    subprocess.run(command, cwd=ROOT, env=variables, check=True)


if __name__ == "__main__":
    main()
