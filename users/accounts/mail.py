"""Emails to users. They are sent by tasks, so that a slow mail server does not delay requests.

The tasks' arguments contain no tokens. Their rows contain an address, so they are deleted when the
task is done.
"""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import TaskResult, task
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from movie_recommendation_backend.http.throttling import seconds_to_wait

from .authentication import account_of
from .models import User
from .reset_tokens import reset_tokens

logger = logging.getLogger(__name__)

CREDENTIAL_NAMES = {"username": "username", "email": "email address"}


@task()
def send_reset_link(email: str) -> None:
    """Send a link to the user with this address, if there is one."""
    user = User.objects.matching("email", email).filter(is_active=True).first()
    if not user or not user.has_usable_password():
        return
    if seconds_to_wait("reset-mail", account_of(user)):
        return
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = reset_tokens.make_token(user)
    if settings.FRONTEND_URL:
        link = f"{settings.FRONTEND_URL}/reset-password#uid={uid}&token={token}"
        how = f"Open this link:\n\n{link}"
    else:
        how = f"Enter these codes where you asked for a new password:\n\nuid: {uid}\ntoken: {token}"
    # Send it to the stored address, never to the one that was typed.
    _send(
        user.email,
        "Set a new password",
        f"Hello {user.username},\n\n"
        f"Someone asked to set a new password for your account. {how}\n\n"
        "The link or the codes work once, within one hour. If you did not ask for this, ignore this"
        " email: your password stays the same.",
    )


@task()
def send_credentials_changed(user_id: int, address: str, username: str, changed: list[str]) -> None:
    """Tell the old address which credentials changed. `user_id` is for `delete_waiting`."""
    what = " and ".join(CREDENTIAL_NAMES[name] for name in changed)
    _send(
        address,
        f"Your {what} changed",
        f"Hello {username},\n\n"
        f"The {what} of your account was changed just now by someone who knows your password.\n\n"
        "If it was not you, set a new password at once, or contact us.",
    )


def delete_waiting(user: User) -> None:
    """Delete the emails to a user that have not been sent yet."""
    waiting = DBTaskResult.objects.filter(task_path__startswith=f"{__name__}.")
    to_user = Q(args_kwargs__args__0=user.pk) | Q(args_kwargs__args__0__iexact=user.email)
    waiting.filter(to_user).delete()


def delete_when_done(sender: type, task_result: TaskResult, **kwargs: Any) -> None:
    """Delete the row of an email that was sent or has failed."""
    if issubclass(sender, DatabaseBackend) and task_result.task.module_path.startswith(__name__):
        DBTaskResult.objects.filter(pk=task_result.id).delete()


def _send(address: str, subject: str, body: str) -> None:
    try:
        send_mail(subject, body + "\n", None, [address])
    except (SMTPException, OSError, ValueError) as error:
        # Do not log the text of the error, which may contain the address.
        logger.error("An email was lost: %s", type(error).__name__)
