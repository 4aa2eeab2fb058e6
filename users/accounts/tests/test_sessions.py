"""Refresh, verify, logout, and what ends sessions."""

from datetime import timedelta

import jwt
import pytest
import time_machine
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from users.accounts.tokens import signed_with
from users.models import BlacklistedToken, User
from users.tests.frontend import PASSWORD, Frontend, errors


def refused(response) -> bool:
    return response.status_code == 401 and errors(response) == {("token_not_valid", None)}


@pytest.fixture
def phone(ada):
    """Another session of the same user."""
    other = Frontend()
    other.login()
    return other


def refresh(page, token=None):
    return page.post("auth/refresh/", {"refresh": token or page.refresh})


def verify(page, token):
    return page.post("auth/verify/", {"token": token})


def is_ended(page) -> bool:
    """Return whether the session has ended. Assert that its tokens are all valid or all not."""
    answers = [
        refused(page.get("users/profile/")),
        refused(verify(page, page.access)),
        refused(verify(page, page.refresh)),
        refused(refresh(page)),
    ]
    assert len(set(answers)) == 1
    return answers[0]


def test_a_refresh_returns_new_tokens_and_revokes_the_old_one(ada):
    old = ada.refresh
    assert ada.take(refresh(ada)).status_code == 200
    assert ada.refresh != old
    assert ada.get("users/profile/").status_code == 200
    assert refused(refresh(ada, old))
    assert refused(verify(ada, old))
    assert refresh(ada).status_code == 200


def test_reusing_a_token_within_10_seconds_ends_nothing(ada):
    old = ada.refresh
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ada.take(refresh(ada))
        clock.shift(10)
        assert refused(refresh(ada, old))
    assert not is_ended(ada)


@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_reusing_a_token_after_11_seconds_ends_all_sessions(ada, phone, path):
    old = ada.refresh
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ada.take(refresh(ada))
        clock.shift(11)
        assert refused(ada.post(f"auth/{path}/", {"refresh": old}))
        assert is_ended(ada)
        assert is_ended(phone)


def test_verifying_a_rotated_token_ends_nothing(ada, phone):
    old = ada.refresh
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ada.take(refresh(ada))
        clock.shift(60)
        assert refused(verify(ada, old))
    assert not is_ended(phone)


def test_a_logged_out_token_is_refused_and_ends_nothing(ada, phone):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert ada.post("auth/logout/", {"refresh": ada.refresh}).status_code == 204
        clock.shift(60)
        for path, field in (("refresh", "refresh"), ("verify", "token"), ("logout", "refresh")):
            assert refused(ada.post(f"auth/{path}/", {field: ada.refresh}))
    assert not is_ended(phone)


def test_after_a_logout_the_access_token_works_until_it_expires(ada):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ada.post("auth/logout/", {"refresh": ada.refresh})
        assert ada.get("users/profile/").status_code == 200
        clock.shift(timedelta(minutes=15))
        assert refused(ada.get("users/profile/"))


def test_a_logout_works_with_an_expired_access_token_in_the_header(ada):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(timedelta(hours=1))
        assert ada.post("auth/logout/", {"refresh": ada.refresh}).status_code == 204


def test_logout_everywhere_ends_all_sessions(ada, phone):
    assert ada.post("auth/logout/", {"everywhere": True}).status_code == 204
    assert is_ended(ada)
    assert is_ended(phone)
    phone.login()
    assert not is_ended(phone)


def test_logout_everywhere_requires_an_access_token(ada):
    stranger = Frontend()
    response = stranger.post("auth/logout/", {"everywhere": True, "refresh": ada.refresh})
    assert response.status_code == 401
    assert errors(response) == {("not_authenticated", None)}
    assert not is_ended(ada)


def test_a_logout_requires_a_token(ada):
    for body in ({}, {"everywhere": False}):
        assert errors(ada.post("auth/logout/", body)) == {("required", "refresh")}


def test_reusing_a_token_of_an_older_version_ends_nothing(ada, phone):
    """It looks like theft, but all sessions of that version have ended already."""
    old = ada.refresh
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ada.take(refresh(ada))
        ada.post("auth/logout/", {"everywhere": True})
        phone.login()
        clock.shift(60)
        assert refused(refresh(ada, old))
    assert not is_ended(phone)


def new_password(page):
    body = {"old_password": PASSWORD, "new_password": "another horse 9"}
    assert page.post("auth/password/change/", body).status_code == 200


def by_shell(**changes):
    def change(page):
        user = User.objects.get()
        for name, value in changes.items():
            setattr(user, name, value)
        user.save()

    return change


def password_by_admin(page):
    user = User.objects.get()
    user.set_password("another horse 9")
    user.save(update_fields=["password"])


def back_again(page):
    by_shell(is_active=False)(page)
    by_shell(is_active=True)(page)


def deletion(page):
    assert page.post("users/profile/delete/", {"password": PASSWORD}).status_code == 204


@pytest.mark.parametrize(
    "event", [new_password, password_by_admin, by_shell(is_active=False), back_again, deletion]
)
def test_it_ends_all_sessions(ada, phone, event):
    event(ada)
    assert is_ended(ada)
    assert is_ended(phone)
    assert refused(phone.post("auth/logout/", {"refresh": phone.refresh}))


def test_other_changes_end_none(ada):
    by_shell(first_name="Ada", language="de")(ada)
    ada.login()
    assert not is_ended(ada)


def test_tokens_of_the_previous_key_work_until_they_expire(ada, settings):
    old, new = settings.SECRET_KEY, "n" * 64
    rotated = signed_with(new, AccessToken)
    settings.JWT_PREVIOUS_KEY = None
    ada.access = str(rotated.for_user(User.objects.get()))
    assert refused(ada.get("users/profile/"))
    settings.JWT_PREVIOUS_KEY = new
    token = rotated.for_user(User.objects.get())
    token["token_version"] = 0
    ada.access = str(token)
    assert ada.get("users/profile/").status_code == 200
    assert verify(ada, ada.access).status_code == 200
    refresh_token = signed_with(new, RefreshToken).for_user(User.objects.get())
    refresh_token["token_version"] = 0
    answer = refresh(ada, str(refresh_token))
    assert answer.status_code == 200
    # The new tokens are signed with the current key.
    assert jwt.decode(answer.json()["access"], old, ["HS256"])["user_id"]
    assert refused(refresh(ada, str(refresh_token)))


def test_tokens_are_not_stored(ada):
    old = ada.refresh
    ada.take(refresh(ada))
    kept = str(list(BlacklistedToken.objects.values()))
    assert old not in kept
    assert old.split(".")[2] not in kept
