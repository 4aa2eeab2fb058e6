"""REDIS_SENTINELS: when the primary dies, the site switches to its successor."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from conftest import OwnRedis, missing

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]

# Prints the port of Redis, waits for a line of input, and prints the port after the switch.
SITE = """
import time, django
django.setup()
from movie_recommendation_backend import redis_connection
from movie_recommendation_backend.http.throttling import seconds_to_wait

def port():
    connection = redis_connection.shared()
    if connection is None:
        return None
    try:
        found = connection.info("server")["tcp_port"]
    except redis_connection.RedisError as error:
        redis_connection.note_failure(error)
        return None
    redis_connection.note_success()
    return found

first = port()
print(first, flush=True)
input()
for _ in range(300):
    assert seconds_to_wait("login", "1.2.3.4") >= 0
    if port() not in (None, first):
        break
    time.sleep(0.1)
print(port(), flush=True)
"""


@pytest.fixture
def watched(tmp_path):
    """A primary, its replica, and a sentinel that monitors them as `mymaster`."""
    if shutil.which("redis-server") is None:
        missing("redis-server")
    primary, replica, sentinel = OwnRedis(), OwnRedis(), OwnRedis()
    sentinel.stop()
    Redis.from_url(replica.url).replicaof("127.0.0.1", primary.port)
    rules = Path(tmp_path, "sentinel.conf")
    rules.write_text(
        f"port {sentinel.port}\nbind 127.0.0.1\n"
        f"sentinel monitor mymaster 127.0.0.1 {primary.port} 1\n"
        "sentinel down-after-milliseconds mymaster 500\n"
        "sentinel failover-timeout mymaster 2000\n"
    )
    sentinel.process = subprocess.Popen(
        ["redis-server", str(rules), "--sentinel"], stdout=subprocess.DEVNULL
    )
    until(lambda: Redis.from_url(replica.url).info()["master_link_status"] == "up")
    until(lambda: Redis.from_url(sentinel.url).sentinel_slaves("mymaster"))
    yield primary, replica, sentinel
    for each in (primary, replica, sentinel):
        each.stop()


def until(holds) -> None:
    for _ in range(300):
        try:
            if holds():
                return
        except RedisError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come to hold")


def test_the_site_follows_the_primary(watched):
    primary, replica, sentinel = watched
    environment = {
        "DJANGO_SETTINGS_MODULE": "movie_recommendation_backend.settings.development",
        "SECRET_KEY": "only-for-this-test",
        "REDIS_URL": "redis://mymaster/0",
        "REDIS_SENTINELS": f"127.0.0.1:{sentinel.port}",
    }
    with subprocess.Popen(
        [sys.executable, "-c", SITE],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as site:
        assert int(site.stdout.readline()) == primary.port
        primary.stop()
        site.stdin.write("\n")
        site.stdin.flush()
        assert int(site.stdout.readline()) == replica.port
    assert site.returncode == 0
