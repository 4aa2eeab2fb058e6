"""Concurrent requests, each on its own database connection."""

import pytest

from users.accounts import actions
from users.accounts.tokens import TokenNotValid
from users.models import BlacklistedToken, User
from users.tests.concurrency import at_once
from users.tests.frontend import PASSWORD, Frontend, errors

from .test_password_reset import ask, confirm, link_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.THROTTLE_LOGIN = settings.THROTTLE_USER = "1000/min"


@pytest.fixture
def page():
    frontend = Frontend()
    frontend.register()
    return frontend


def test_of_thirty_concurrent_refreshes_one_succeeds(page):
    body = {"refresh": page.refresh}
    statuses = at_once(*[lambda: Frontend().post("auth/refresh/", body)] * 30)
    assert sorted(statuses) == [200] + [401] * 29
    assert BlacklistedToken.objects.count() == 1
    # Reuse within REUSE_GRACE ends no session.
    assert page.get("users/profile/").status_code == 200


def test_of_thirty_concurrent_registrations_of_a_name_one_succeeds(db):
    names = ["grace", "Grace", "GRACE", "gRACE", "ｇｒａｃｅ"] * 6

    def register(number: int, name: str):
        body = {"username": name, "email": f"{number}@films.example", "password": PASSWORD}
        return Frontend().post("auth/register/", body)

    statuses = at_once(*[lambda each=each: register(*each) for each in enumerate(names)])
    assert sorted(statuses) == [201] + [400] * 29
    assert User.objects.count() == 1


def test_of_ten_concurrent_registrations_of_an_address_one_succeeds(db):
    def register(number: int):
        address = "grace@films.example" if number % 2 else "GRACE@films.example"
        body = {"username": f"grace{number}", "email": address, "password": PASSWORD}
        return Frontend().post("auth/register/", body)

    statuses = at_once(*[lambda number=number: register(number) for number in range(10)])
    assert sorted(statuses) == [201] + [400] * 9


@pytest.mark.parametrize("_", range(5))
def test_a_refresh_during_a_password_change_leaves_no_valid_token(page, _):
    other = Frontend()
    other.login()

    def refresh():
        response = other.post("auth/refresh/", {"refresh": other.refresh})
        if response.status_code == 200:
            other.take(response)
        return response

    body = {"old_password": PASSWORD, "new_password": "another horse 9"}
    refreshed, changed = at_once(refresh, lambda: page.post("auth/password/change/", body))
    assert changed == 200
    assert refreshed in (200, 401)
    assert other.get("users/profile/").status_code == 401
    assert other.post("auth/refresh/", {"refresh": other.refresh}).status_code == 401


def test_of_concurrent_password_changes_one_succeeds(page):
    def change(number: int):
        body = {"old_password": PASSWORD, "new_password": f"another horse {number}"}
        return page.post("auth/password/change/", body)

    statuses = at_once(lambda: change(1), lambda: change(2), lambda: change(3))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 401}
    page.login(password=f"another horse {statuses.index(200) + 1}")


def test_of_ten_concurrent_uses_of_a_reset_link_one_succeeds(page, mailbox):
    ask(page)
    link = link_of(mailbox.next())
    statuses = at_once(*[lambda: confirm(Frontend(), link)] * 10)
    assert sorted(statuses) == [200] + [400] * 9


@pytest.mark.parametrize("_", range(5))
def test_a_deletion_during_other_requests_leaves_nothing(page, _):
    pages = [Frontend() for _ in range(4)]
    for each in pages:
        each.login()
    statuses = at_once(
        lambda: page.post("users/profile/delete/", {"password": PASSWORD}),
        lambda: page.patch("users/profile/", {"first_name": "Ada"}),
        lambda: page.patch("users/profile/", {"email": "new@x.example", "password": PASSWORD}),
        lambda: Frontend().post("auth/login/", {"username": "ada", "password": PASSWORD}),
        *[
            lambda each=each: each.post("auth/refresh/", {"refresh": each.refresh})
            for each in pages
        ],
    )
    # A change that comes first does not make the deletion fail.
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {200, 401}
    assert not User.objects.exists()
    assert not BlacklistedToken.objects.exists()


def test_of_two_users_who_choose_a_name_one_succeeds(page):
    Frontend().register("grace")
    changes = {"username": "hopper", "password": PASSWORD}
    grace = Frontend()
    grace.login("grace")
    statuses = at_once(
        lambda: page.patch("users/profile/", changes),
        lambda: grace.patch("users/profile/", changes),
    )
    assert sorted(statuses) == [200, 400]


def test_a_change_of_address_during_a_reset_revokes_the_link(page, mailbox, monkeypatch):
    """The address changes while the new password is being hashed."""
    ask(page)
    link = link_of(mailbox.next())
    make_password = actions.make_password

    def move_and_hash(password: str) -> str:
        moved = {"email": "new@films.example", "password": PASSWORD}
        assert page.patch("users/profile/", moved).status_code == 200
        return make_password(password)

    monkeypatch.setattr(actions, "make_password", move_and_hash)
    response = page.post("auth/password/reset/confirm/", link | {"new_password": "another horse 9"})
    assert errors(response) == {("invalid_token", "token")}
    page.login()


def test_an_ended_session_cannot_change_the_profile(page):
    user = User.objects.get()
    page.post("auth/logout/", {"everywhere": True})
    with pytest.raises(TokenNotValid):
        actions.update_profile(user, first_name="Mallory")
    assert User.objects.get().first_name == ""


def test_saving_a_stale_user_revives_no_session(page):
    stale = User.objects.get()
    page.post("auth/logout/", {"everywhere": True})
    stale.first_name = "Ada"
    stale.save()
    assert User.objects.get().first_name == "Ada"
    assert page.get("users/profile/").status_code == 401


def test_saving_a_refreshed_user_ends_no_session(page):
    user = User.objects.get()
    body = {"old_password": PASSWORD, "new_password": "another horse 9"}
    page.take(page.post("auth/password/change/", body))
    user.refresh_from_db()
    user.save()
    assert page.get("users/profile/").status_code == 200
