"""The client's address, and how attempts are counted."""

import threading

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import RequestFactory
from rest_framework.exceptions import Throttled

from movie_recommendation_backend import redis_connection
from movie_recommendation_backend.http.throttling import (
    client_address,
    refuse_if_exceeded,
    seconds_to_wait,
    throttle,
)


def address(forwarded: str | None = None, peer: str = "10.0.0.1") -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.mark.parametrize(
    "forwarded", [None, "1.2.3.4", "1.2.3.4, 5.6.7.8", "junk", "[2001:db8::1]:443"]
)
def test_without_a_trusted_proxy_the_header_is_ignored(forwarded):
    assert address(forwarded) == "10.0.0.1"


@pytest.mark.parametrize(
    "forwarded, expected",
    [
        ("1.2.3.4", "1.2.3.4"),
        # The client may have forged the entries before the last.
        ("6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (" 1.2.3.4 ", "1.2.3.4"),
        ("1.2.3.4:5678", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        # Not an address, so the proxy's own is used.
        (None, "10.0.0.1"),
        ("", "10.0.0.1"),
        ("unknown", "10.0.0.1"),
        ("films.example", "10.0.0.1"),
        ("1.2.3.4,", "10.0.0.1"),
        ("1.2.3.999", "10.0.0.1"),
        ("١.٢.٣.٤", "10.0.0.1"),
        ("1.2.3.4/24", "10.0.0.1"),
        ("," * 5000, "10.0.0.1"),
        ("[" * 5000, "10.0.0.1"),
    ],
)
def test_behind_one_proxy_the_last_address_is_the_clients(settings, forwarded, expected):
    settings.TRUSTED_PROXIES = 1
    assert address(forwarded) == expected


@pytest.mark.parametrize(
    "forwarded, expected",
    [
        ("6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("1.2.3.4", "1.2.3.4"),
    ],
)
def test_behind_two_proxies_it_is_the_last_but_one(settings, forwarded, expected):
    settings.TRUSTED_PROXIES = 2
    assert address(forwarded) == expected


def test_a_socket_without_an_address_is_one_client():
    assert address(peer="") == "unknown"


def test_attempts_are_counted_by_client_and_limit(backend, settings, throttle_clock):
    settings.THROTTLE_LOGIN = "3/min"
    assert [seconds_to_wait("login", "1.2.3.4") for _ in range(3)] == [0, 0, 0]
    wait = seconds_to_wait("login", "1.2.3.4")
    assert 1 <= wait <= 60
    assert seconds_to_wait("login", "5.6.7.8") == 0
    assert seconds_to_wait("register", "1.2.3.4") == 0
    throttle_clock.advance(seconds=wait + 1)
    assert seconds_to_wait("login", "1.2.3.4") == 0


def test_checking_counts_nothing(backend, settings):
    settings.THROTTLE_LOGIN = "1/hour"
    for _ in range(3):
        refuse_if_exceeded("login", "1.2.3.4")
    throttle("login", "1.2.3.4")
    with pytest.raises(Throttled) as limited:
        refuse_if_exceeded("login", "1.2.3.4")
    assert 1 <= limited.value.wait <= 3600


def test_throttled_clients_are_logged(settings, caplog):
    settings.THROTTLE_LOGIN = "1/hour"
    seconds_to_wait("login", "1.2.3.4")
    assert not caplog.records
    seconds_to_wait("login", "1.2.3.4")
    assert caplog.messages == ["Throttled 1.2.3.4: the limit login is 1/hour."]


def test_concurrent_attempts_are_all_counted(backend, settings):
    settings.THROTTLE_LOGIN = "10/hour"
    passed = []
    threads = [
        threading.Thread(target=lambda: passed.append(not seconds_to_wait("login", "1.2.3.4")))
        for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 10


def test_while_redis_is_down_the_process_counts(own_redis, settings, monkeypatch):
    settings.THROTTLE_LOGIN = "3/hour"
    seconds_to_wait("login", "1.2.3.4")
    own_redis.stop()
    answers = [seconds_to_wait("login", "1.2.3.4") for _ in range(5)]
    assert [bool(wait) for wait in answers] == [False, False, False, True, True]
    own_redis.start()
    monkeypatch.setattr(redis_connection, "_paused_until", 0.0)
    assert [bool(seconds_to_wait("login", "1.2.3.4")) for _ in range(4)] == [0, 0, 0, 1]


def test_while_redis_is_full_the_process_counts(own_redis, settings):
    settings.THROTTLE_LOGIN = "3/hour"
    connection = redis_connection.shared()
    connection.config_set("maxmemory-policy", "noeviction")
    connection.config_set("maxmemory", "1")
    answers = [seconds_to_wait("login", "1.2.3.4") for _ in range(5)]
    assert [bool(wait) for wait in answers] == [False, False, False, True, True]


def test_clear_cache_keeps_the_counts(redis, settings):
    settings.THROTTLE_LOGIN = "1/hour"
    seconds_to_wait("login", "1.2.3.4")
    call_command("clear_cache", "--all")
    assert seconds_to_wait("login", "1.2.3.4")


def test_every_count_in_redis_expires(redis):
    for limit in ("login", "anon", "wrong-password"):
        seconds_to_wait(limit, "1.2.3.4")
        seconds_to_wait(limit, "1.2.3.4")
    keys = redis.keys("limits:*")
    assert len(keys) == 3
    assert all(0 < redis.ttl(key) <= 3605 for key in keys)


def test_a_count_that_redis_has_lost_expires_too(redis):
    assert caches["limits"].incr("lost") == 1
    assert 0 < redis.ttl("limits:lost") <= 24 * 3600
