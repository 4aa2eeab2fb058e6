"""bin/clock runs its jobs, continues after failures, and stops cleanly."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from django.conf import settings
from django.core.management import get_commands

from .serving import PRODUCTION

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]

PATH = settings.BASE_DIR / "bin/clock"


@pytest.fixture
def clock():
    loader = SourceFileLoader("clock", str(PATH))
    module = module_from_spec(spec_from_loader("clock", loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def environment(tmp_path):
    return PRODUCTION | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        # An empty value overrides a developer's .env.
        "REDIS_URL": "",
        # The folder of the heartbeat file.
        "TMPDIR": str(tmp_path),
    }


@contextmanager
def started(environment, *arguments: str) -> Iterator[subprocess.Popen]:
    run = {"env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen([sys.executable, PATH, *arguments], **run) as process:
        yield process
        process.kill()


def finished(environment, *arguments: str) -> tuple[int, str]:
    with started(environment, *arguments) as process:
        out, _ = process.communicate(timeout=120)
    return process.returncode, out


def test_the_guides_crontab_is_the_clocks_table(clock):
    guide = (settings.BASE_DIR / "docs/DEPLOYMENT.md").read_text()
    lines = re.findall(
        r"^([*/0-9]+(?: [*/0-9]+){4}) .*manage\.py (\w+)(?: --.*)?$", guide, re.MULTILINE
    )
    assert [(command, times) for times, command in lines] == clock.JOBS


def test_every_job_is_a_command_with_a_valid_schedule(clock):
    assert {command for command, _ in clock.JOBS} <= set(get_commands())
    for command, times in clock.JOBS:
        assert clock.CronTrigger.from_crontab(times), command


def test_training_is_limited_to_the_movies_of_the_setting(clock):
    assert clock.options_of("train_recommender") == ["--max-films=4000"]
    assert clock.options_of("warm_cache") == []


def test_the_cache_is_warmed_as_often_as_warm_cache_expects(clock):
    trigger = clock.CronTrigger.from_crontab(dict(clock.JOBS)["warm_cache"], timezone=clock.UTC)
    first = trigger.get_next_fire_time(None, clock.datetime(2026, 1, 1, tzinfo=clock.UTC))
    second = trigger.get_next_fire_time(first, first)
    assert (second - first).total_seconds() == 6 * 3600


def test_list_prints_the_table(clock, environment):
    status, out = finished(environment, "--list")
    table = [tuple(reversed(line.rsplit(maxsplit=1))) for line in out.splitlines()]
    assert (status, table) == (0, clock.JOBS)


def test_once_runs_every_job_and_reports_failures(environment):
    manage = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(manage, cwd=settings.BASE_DIR, env=environment, check=True)
    status, out = finished(environment, "--once")
    # warm_cache fails without REDIS_URL.
    assert " clock: warm_cache failed: exit 2" in out
    assert out.count(" done (") == 5
    assert status == 1


def test_it_is_healthy_until_sigterm_stops_it(environment):
    assert finished(environment, "--healthy")[0] == 1
    with started(environment) as process:
        assert "started with" in process.stdout.readline()
        assert finished(environment, "--healthy")[0] == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_stopping_terminates_the_running_job(clock):
    runner = clock.Runner()
    # This command runs until it is terminated.
    thread = threading.Thread(target=runner.run, args=["tmdb_standin"])
    thread.start()
    for _ in range(1000):
        if runner.running:
            break
        time.sleep(0.01)
    (process,) = runner.running
    runner.stop()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert process.returncode == -signal.SIGTERM
    assert runner.run("check") is False
