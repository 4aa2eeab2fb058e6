"""Rehearse a deployment on this machine: start, use, reload under load, back up, drop, restore.

The Procfile runs with production settings and the demo catalogue, with PostgreSQL and Redis, behind
nginx with TLS. All servers are started for the rehearsal, on free loopback ports and in a temporary
folder. Requires Linux, PostgreSQL, redis-server and nginx. Exits with 1 if a check fails. All
processes are stopped at the end, even after a failure.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from . import say, servers
from .load import Load
from .processes import MARK, gunicorn, marked, memory
from .site import ROOT, Site, row_counts

DATABASE = "rehearse_movies"
RELOADS = 3
RELOADED_WITHIN = 60  # seconds
USERS = 3


def main() -> None:
    argparse.ArgumentParser(prog="bin/rehearse", description=__doc__.splitlines()[0]).parse_args()
    # Shut everything down even if the rehearsal is terminated from outside.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    begun = time.monotonic()
    static_files = ROOT / "staticfiles"
    had_static_files = static_files.exists()
    with tempfile.TemporaryDirectory(prefix="rehearse-") as name:
        os.environ[MARK] = name
        # PostgreSQL and the nginx workers run as other users and must be able to enter this folder.
        Path(name).chmod(0o711)
        try:
            rehearse(Path(name))
        finally:
            left = left_over(name)
            if not had_static_files:
                shutil.rmtree(static_files, ignore_errors=True)
    if left:
        sys.exit(f"Processes were still running: {left}")
    say(f"\nThe rehearsal passed in {time.monotonic() - begun:.0f} s. All processes have ended.")


def rehearse(folder: Path) -> None:
    with ExitStack() as stack:
        headline("PostgreSQL, Redis and nginx")
        tls = servers.certificate(folder)
        database = stack.enter_context(servers.postgres(folder / "postgres"))
        redis_url = stack.enter_context(servers.redis(folder))
        site = Site(folder, database, DATABASE, redis_url)
        template = ROOT / "docs/nginx.conf"
        proxy = stack.enter_context(servers.nginx(folder, template, site.port, tls))
        site.behind(proxy, tls.path)
        database.run("createdb", DATABASE)

        headline("Release, then start web and clock")
        site.release()
        with site.started() as seconds:
            say(f"The first response arrived after {seconds:.1f} s.")
            headline("Smoke test through nginx")
            site.smoke_test()
            headline("Recurring jobs")
            site.run("python", "bin/clock", "--healthy")
            site.run("python", "bin/clock", "--once")
            users = site.make_users(USERS)
            reload_under_load(site, users[0], proxy)
            headline("Dump")
            before = row_counts(database.url(DATABASE))
            dump = str(folder / "movies.dump")
            database.run("pg_dump", "--format=custom", "--file", dump, DATABASE)
            say(f"{os.path.getsize(dump)} bytes")

        headline("Drop and restore")
        database.run("dropdb", DATABASE)
        database.run("createdb", DATABASE)
        database.run("pg_restore", "--exit-on-error", "--dbname", DATABASE, dump)
        compare(before, row_counts(database.url(DATABASE)))
        with site.started():
            for user in users:
                site.log_in(user)
            say("All users can log in.")
            headline("Smoke test after the restore")
            site.smoke_test()
        headline("Shutting down")


def headline(what: str) -> None:
    say(f"\n== {what}")


def reload_under_load(site: Site, user: dict, proxy: servers.Nginx) -> None:
    headline("Graceful reloads under load")
    mark, token, movies = str(site.folder), site.log_in(user), site.movies()
    with Load(site.base_url, site.ca, token, movies) as load:
        time.sleep(2)
        for _ in range(RELOADS):
            master, old = gunicorn(mark)
            begun = time.monotonic()
            os.kill(master, signal.SIGHUP)
            while set(old) & set(gunicorn(mark)[1]):
                if time.monotonic() - begun > RELOADED_WITHIN:
                    sys.exit("The old workers did not stop.")
                time.sleep(0.1)
            seconds = time.monotonic() - begun
            say(f"Workers {old} were replaced by {gunicorn(mark)[1]} in {seconds:.1f} s.")
            time.sleep(3)
    sent = ", ".join(f"{count} {method}" for method, count in sorted(load.sent.items()))
    say(f"Sent: {load.sent.total()} ({sent}). Failed: {len(load.failures)}.")
    for pid in gunicorn(mark)[1]:
        use = memory(pid)
        say(f"Worker {pid}: {use['Rss']} MB resident, {use['Pss']} MB proportional.")
    if load.failures:
        say("\n".join(load.failures[:20]))
        say(proxy.log.read_text()[-5000:])
        sys.exit("Requests failed.")


def compare(before: dict[str, int], after: dict[str, int]) -> None:
    """Print the row count of each table, and exit with 1 if any of them has changed."""
    say(f"{'table':45} {'before':>7} {'after':>7}")
    for table in sorted(before | after):
        say(f"{table:45} {before.get(table, '-'):>7} {after.get(table, '-'):>7}")
    if before != after:
        sys.exit("The restored database differs from the dump.")


def left_over(mark: str) -> dict[int, str]:
    """Wait for the processes to end. Kill and return those still running after 10 seconds."""
    deadline = time.monotonic() + 10
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.2)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return left


if __name__ == "__main__":
    main()
