"""Emails as tasks: what a request leaves for the worker, and what the worker leaves behind."""

import signal
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movie_recommendation_backend.settings.tasks import IN_WORKER
from users.tests.frontend import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "ada@films.example"


@pytest.fixture(autouse=True)
def in_worker(settings):
    settings.TASKS = IN_WORKER


@pytest.fixture
def work():
    """Return a function that runs all waiting tasks, as bin/worker would."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield lambda: call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def ask(page, address: str = ADDRESS):
    response = page.post("auth/password/reset/", {"email": address})
    assert response.status_code == 202
    return response


def test_a_request_only_leaves_a_task(ada, mailbox, django_assert_num_queries):
    for address in (ADDRESS, "nobody@films.example"):
        with django_assert_num_queries(1):
            ask(ada, address)
    assert mailbox.is_empty()
    assert DBTaskResult.objects.count() == 2


def test_the_worker_sends_the_email_and_deletes_the_task(ada, mailbox, work):
    ask(ada)
    ask(ada, "nobody@films.example")
    work()
    assert mailbox.next()["To"] == ADDRESS
    assert mailbox.is_empty()
    assert not DBTaskResult.objects.exists()


def test_a_task_holds_no_token(ada, mailbox, work):
    ask(ada)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [ADDRESS], "kwargs": {}}


def test_the_old_address_is_told_by_the_worker(ada, mailbox, work):
    body = {"email": "new@films.example", "password": PASSWORD}
    assert ada.patch("users/profile/", body).status_code == 200
    assert mailbox.is_empty()
    work()
    assert mailbox.next()["To"] == ADDRESS
    assert not DBTaskResult.objects.exists()


def test_the_task_of_a_lost_email_is_deleted_too(ada, mailbox, work, caplog):
    mailbox.refuses = True
    ask(ada)
    work()
    assert "An email was lost: SMTPDataError" in caplog.text
    ours = [each for each in caplog.records if not each.name.startswith("mail.")]
    assert not [each for each in ours if ADDRESS in each.getMessage()]
    assert not DBTaskResult.objects.exists()


def test_the_task_of_a_killed_worker_is_done_by_the_next(ada, mailbox, work):
    ask(ada)
    started = timezone.now() - timedelta(minutes=11)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=started)
    work()
    assert mailbox.is_empty()
    call_command("retry_lost_tasks")
    work()
    assert mailbox.next()["To"] == ADDRESS


def test_a_running_task_is_not_taken_from_its_worker(ada, mailbox, work):
    ask(ada)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    call_command("retry_lost_tasks")
    work()
    assert mailbox.is_empty()


@pytest.mark.parametrize("asked", ["ada@films.example", "ADA@films.example"])
def test_a_deletion_takes_the_waiting_emails_with_it(ada, mailbox, work, asked):
    ask(ada, asked)
    ask(ada, "grace@films.example")
    assert (
        ada.patch("users/profile/", {"username": "lovelace", "password": PASSWORD}).status_code
        == 200
    )
    assert DBTaskResult.objects.count() == 3
    assert ada.post("users/profile/delete/", {"password": PASSWORD}).status_code == 204
    assert [each.args_kwargs["args"] for each in DBTaskResult.objects.all()] == [
        ["grace@films.example"]
    ]
    work()
    assert mailbox.is_empty()
