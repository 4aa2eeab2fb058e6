"""Throttling by address, user and account, over HTTP."""

import pytest

from movie_recommendation_backend.http import throttling
from users.tests.frontend import PASSWORD, Frontend, errors

BY_ADDRESS = {
    "login": ("auth/login/", {"username": "nobody", "password": "x"}),
    "register": ("auth/register/", {"username": "x"}),
    "reset": ("auth/password/reset/", {"email": "nobody@films.example"}),
    "reset/confirm": (
        "auth/password/reset/confirm/",
        {"uid": "x", "token": "x", "new_password": PASSWORD},
    ),
    "refresh": ("auth/refresh/", {"refresh": "x"}),
    "verify": ("auth/verify/", {"token": "x"}),
}


def is_limited(response) -> bool:
    if response.status_code != 429:
        return False
    assert errors(response) == {("throttled", None)}
    assert response.json()["type"] == "client_error"
    assert 1 <= int(response["Retry-After"]) <= 3600
    return True


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_each_address_has_ten_attempts_per_minute(visitor, backend, throttle_clock, name):
    path, body = BY_ADDRESS[name]
    answers = [visitor.post(path, body) for _ in range(12)]
    assert [is_limited(each) for each in answers] == [False] * 10 + [True] * 2
    assert not is_limited(visitor.post(path, body, REMOTE_ADDR="10.0.0.9"))
    throttle_clock.advance(seconds=int(answers[-1]["Retry-After"]) + 1)
    assert not is_limited(visitor.post(path, body))


def test_each_limit_is_counted_separately(visitor):
    for _ in range(10):
        for path, body in list(BY_ADDRESS.values())[:5]:
            assert not is_limited(visitor.post(path, body))


def test_a_forged_header_does_not_change_the_address(visitor, settings):
    path, body = BY_ADDRESS["login"]
    answers = [
        visitor.post(path, body, headers={"x-forwarded-for": f"1.2.3.{number}"})
        for number in range(11)
    ]
    assert is_limited(answers[-1])
    settings.TRUSTED_PROXIES = 1
    answers = [
        visitor.post(path, body, headers={"x-forwarded-for": f"1.2.3.{number}, 2001:db8::{number}"})
        for number in range(11)
    ]
    assert is_limited(answers[-1])


def test_valid_tokens_are_throttled_by_user(ada, settings):
    for _ in range(15):
        ada.take(ada.post("auth/refresh/", {"refresh": ada.refresh}))
        assert ada.post("auth/verify/", {"token": ada.access}).status_code == 200
    # Valid tokens work even from an address with too many invalid ones.
    for _ in range(11):
        limited = ada.post("auth/refresh/", {"refresh": "x"})
    assert is_limited(limited)
    assert ada.post("auth/refresh/", {"refresh": ada.refresh}).status_code == 200


def test_revoked_tokens_are_not_counted_for_their_user(ada, settings):
    settings.THROTTLE_USER = "5/min"
    stolen = ada.refresh
    ada.post("auth/logout/", {"refresh": stolen})
    for _ in range(20):
        ada.post("auth/refresh/", {"refresh": stolen})
        ada.post("auth/logout/", {"refresh": stolen})
    assert ada.get("users/profile/").status_code == 200


def test_requests_without_a_token_are_throttled_by_address(visitor, settings):
    settings.THROTTLE_ANON = "5/min"
    answers = [visitor.get("users/profile/") for _ in range(6)]
    assert [is_limited(each) for each in answers] == [False] * 5 + [True]


def test_users_are_throttled_across_addresses(ada, settings):
    settings.THROTTLE_USER = "5/min"
    phone = Frontend()
    phone.login()
    answers = [
        page.get("users/profile/", REMOTE_ADDR=f"10.0.0.{number}")
        for number, page in enumerate([ada, phone] * 3)
    ]
    assert [is_limited(each) for each in answers] == [False] * 5 + [True]
    assert is_limited(ada.post("auth/verify/", {"token": ada.access}))
    refused = ada.post("auth/refresh/", {"refresh": ada.refresh})
    assert is_limited(refused)
    # The token was not rotated, because the request was throttled first.
    settings.THROTTLE_USER = "50/min"
    assert ada.post("auth/refresh/", {"refresh": ada.refresh}).status_code == 200


def test_invalid_tokens_are_throttled_by_address(visitor, settings):
    settings.THROTTLE_ANON = "5/min"
    bad = {"authorization": "Bearer x"}
    answers = [visitor.get("users/profile/", headers=bad) for _ in range(6)]
    assert [is_limited(each) for each in answers] == [False] * 5 + [True]


def test_the_admins_login_is_throttled_too(ada):
    form = {"username": "ada", "password": "wrong"}
    answers = [ada.client.post("/admin/login/", form) for _ in range(11)]
    assert [is_limited(each) for each in answers] == [False] * 10 + [True]
    assert ada.client.get("/admin/login/").status_code == 200
    # The API's login is counted separately.
    ada.login()


FAILING = {
    "no body": {"path": "auth/refresh/", "body": {}},
    "no JSON": {"path": "auth/refresh/", "body": "{"},
    "a bad token": {"path": "auth/refresh/", "body": {"refresh": "x"}},
    "nothing to verify": {"path": "auth/verify/", "body": {}},
    "a bad token to verify": {"path": "auth/verify/", "body": {"token": "x"}},
    "logout of nothing": {"path": "auth/logout/", "body": {}},
    "logout of a bad token": {"path": "auth/logout/", "body": {"refresh": "x"}},
    "logout everywhere of nobody": {"path": "auth/logout/", "body": {"everywhere": True}},
    "logout everywhere with a bad token": {
        "path": "auth/logout/",
        "body": {"everywhere": True},
        "headers": {"authorization": "Bearer x"},
    },
    "too much": {"path": "auth/refresh/", "body": {"refresh": "x" * 4_000_000}},
    "another method": {"path": "auth/logout/", "method": "patch", "body": {}},
}


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING.keys())
def test_each_failure_is_counted_once(visitor, settings, monkeypatch, failing):
    counted = []
    count = throttling.get_usage

    def counting(request, *, group, **options):
        counted.append(group)
        return count(request, group=group, **options)

    monkeypatch.setattr(throttling, "get_usage", counting)
    call = {"method": "post"} | failing
    assert visitor.call(**call).status_code in (400, 401, 405)
    assert counted in (["anon"], ["bad-token"])
