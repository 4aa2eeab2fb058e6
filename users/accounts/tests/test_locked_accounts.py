"""Too many wrong passwords lock an account, at every address."""

import pytest
from django.test import Client

from users.models import User
from users.tests.frontend import PASSWORD, Frontend

from .test_limits import is_limited

pytestmark = pytest.mark.slow

WRONG_PASSWORDS = {
    "login by name": ("auth/login/", {"username": "Ada", "password": "wrong"}),
    "login by address": ("auth/login/", {"username": "ada@films.example", "password": "wrong"}),
    "password change": (
        "auth/password/change/",
        {"old_password": "wrong", "new_password": "another horse 9"},
    ),
    "deletion": ("users/profile/delete/", {"password": "wrong"}),
}


@pytest.fixture
def hundred_wrong(ada, settings):
    settings.THROTTLE_LOGIN = "1000/min"
    for number in range(25):
        for path, body in WRONG_PASSWORDS.values():
            response = ada.post(path, body, REMOTE_ADDR=f"10.0.{number}.1")
            assert response.status_code in (400, 401)
    return ada


def test_a_hundred_wrong_passwords_lock_an_account(hundred_wrong, throttle_clock):
    ada = hundred_wrong
    for path, body in WRONG_PASSWORDS.values():
        right = body | {"password": PASSWORD, "old_password": PASSWORD}
        assert is_limited(ada.post(path, right, REMOTE_ADDR="10.9.9.9"))
    change = {"email": "new@films.example", "password": PASSWORD}
    assert is_limited(ada.patch("users/profile/", change))
    # Requests without a password still work, and other users are not affected.
    assert ada.get("users/profile/").status_code == 200
    Frontend().register("grace")
    throttle_clock.advance(hours=1)
    ada.login()


def test_an_unknown_account_is_locked_like_a_known_one(visitor, settings):
    settings.THROTTLE_LOGIN = "1000/min"
    login = {"username": "nobody", "password": "wrong"}
    answers = [visitor.post("auth/login/", login) for _ in range(101)]
    assert [is_limited(each) for each in answers] == [False] * 100 + [True]
    assert is_limited(visitor.post("auth/login/", login | {"username": "NOBODY"}))


def test_the_log_names_the_account_but_not_the_input(hundred_wrong, caplog):
    caplog.clear()
    hundred_wrong.post(*WRONG_PASSWORDS["login by name"])
    [line] = [each for each in caplog.messages if "limit" in each]
    pk = User.objects.get().pk
    assert line == f"Throttled account {pk}: the limit wrong-password is 100/hour."


def test_wrong_passwords_in_the_admin_count_by_account_too(ada, settings):
    settings.LIMIT_WRONG_PASSWORDS = "3/hour"
    User.objects.update(is_staff=True)
    browser = Client()
    browser.force_login(User.objects.get())
    new = {"new_password1": "another horse 9", "new_password2": "another horse 9"}

    def change(old):
        return browser.post("/admin/password_change/", {"old_password": old} | new)

    assert [change("wrong").status_code for _ in range(3)] == [200] * 3
    assert is_limited(change(PASSWORD))
    login = {"username": "ada", "password": PASSWORD}
    assert is_limited(ada.post("auth/login/", login))
    settings.LIMIT_WRONG_PASSWORDS = "5/hour"
    assert change(PASSWORD).status_code == 302
    ada.login(password="another horse 9")
