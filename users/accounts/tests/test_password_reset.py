import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from users.models import User
from users.tests.frontend import PASSWORD, Frontend, errors

pytestmark = pytest.mark.django_db

NEW = "another horse 9"
ADDRESS = "ada@films.example"


def ask(page, address=ADDRESS, **options):
    return page.post("auth/password/reset/", {"email": address}, **options)


def confirm(page, link, **body):
    return page.post("auth/password/reset/confirm/", link | {"new_password": NEW} | body)


def link_of(message) -> dict[str, str]:
    """Return what the reader of the email would send back."""
    text = message.get_content()
    return {name: re.search(rf"{name}(?:=|: )([\w-]+)", text)[1] for name in ("uid", "token")}


def test_it_works(ada, mailbox):
    response = ask(ada, "ADA@films.example")
    assert response.status_code == 202
    message = mailbox.next()
    # Sent to the stored address, not to the one that was typed.
    assert message["To"] == ADDRESS
    assert "uid: " in message.get_content()
    assert confirm(Frontend(), link_of(message)).status_code == 200
    ada.login(password=NEW)


def test_it_ends_all_sessions(ada, mailbox):
    ask(ada)
    confirm(Frontend(), link_of(mailbox.next()))
    assert ada.get("users/profile/").status_code == 401
    assert ada.post("auth/refresh/", {"refresh": ada.refresh}).status_code == 401


def test_the_link_leads_to_the_frontend_and_to_no_host_of_the_requests(ada, mailbox, settings):
    settings.FRONTEND_URL = "https://films.example/app"
    ask(ada, headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    text = mailbox.next().get_content()
    assert re.search(
        r"^https://films.example/app/reset-password#uid=[\w-]+&token=[\w-]+\s*$", text, re.M
    )
    assert "localhost" not in text
    assert "evil" not in text


def test_a_foreign_host_is_refused(ada, mailbox):
    assert ask(ada, headers={"host": "evil.example"}).status_code == 400
    assert mailbox.is_empty()


def test_the_answer_is_the_same_for_who_is_nobody(ada, mailbox):
    User.objects.create_user("gone", "gone@films.example", PASSWORD, is_active=False)
    User.objects.create_user("unusable", "unusable@films.example")
    answers = {ask(ada, "nobody@films.example").content, ask(ada, "gone@films.example").content}
    answers.add(ask(ada, "unusable@films.example").content)
    answers.add(ask(ada).content)
    assert len(answers) == 1
    assert mailbox.next()["To"] == ADDRESS
    assert mailbox.is_empty()


def used(ada, link):
    assert confirm(Frontend(), link, new_password="a third horse 9").status_code == 200


def password_changed(ada, link):
    body = {"old_password": PASSWORD, "new_password": "a third horse 9"}
    assert ada.post("auth/password/change/", body).status_code == 200


def renamed(ada, link):
    assert (
        ada.patch("users/profile/", {"username": "lovelace", "password": PASSWORD}).status_code
        == 200
    )


def moved(ada, link):
    body = {"email": "new@films.example", "password": PASSWORD}
    assert ada.patch("users/profile/", body).status_code == 200


def deactivated(ada, link):
    User.objects.update(is_active=False)


def deleted(ada, link):
    assert ada.post("users/profile/delete/", {"password": PASSWORD}).status_code == 204


@pytest.mark.parametrize("event", [used, password_changed, renamed, moved, deactivated, deleted])
def test_it_ends_the_link(ada, mailbox, event):
    ask(ada)
    link = link_of(mailbox.next())
    event(ada, link)
    response = confirm(Frontend(), link)
    assert response.status_code == 400
    assert errors(response) == {("invalid_token", "token")}


def test_a_login_leaves_the_link(ada, mailbox):
    ask(ada)
    ada.login()
    assert confirm(Frontend(), link_of(mailbox.next())).status_code == 200


@pytest.mark.parametrize("minutes, status", [(59, 200), (61, 400)])
def test_the_link_lives_an_hour(ada, mailbox, minutes, status):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(ada)
        link = link_of(mailbox.next())
        clock.shift(timedelta(minutes=minutes))
        assert confirm(Frontend(), link).status_code == status


@pytest.mark.parametrize(
    "damage",
    [
        {"uid": "MTAwMA"},
        {"uid": "x"},
        {"uid": "é"},
        {"uid": "____"},
        {"uid": "MTE4MDU5MTYyMDcxNzQxMTMwMzQyNA"},
        {"token": "x-y"},
        {"token": "d00000-" + "0" * 32},
        {"token": "é"},
    ],
)
def test_a_damaged_link_is_refused(ada, mailbox, damage):
    ask(ada)
    response = confirm(ada, link_of(mailbox.next()) | damage)
    assert response.status_code == 400
    assert errors(response) == {("invalid_token", "token")}


def test_a_weak_password_does_not_use_the_link_up(ada, mailbox):
    ask(ada)
    link = link_of(mailbox.next())
    response = confirm(ada, link, new_password="ada@films")
    assert errors(response) == {("password_too_similar", "new_password")}
    assert confirm(ada, link).status_code == 200


def test_a_lost_mail_fails_nothing_and_is_logged_without_the_address(ada, mailbox, caplog):
    mailbox.refuses = True
    assert ask(ada).status_code == 202
    lines = [record.message for record in caplog.records if record.name == "users.accounts.mail"]
    assert lines == ["An email was lost: SMTPDataError"]


def test_one_account_gets_20_mails_an_hour(ada, mailbox, settings):
    settings.THROTTLE_LOGIN = "100/min"
    for _ in range(21):
        assert ask(ada).status_code == 202
    for _ in range(20):
        mailbox.next()
    assert mailbox.is_empty()
