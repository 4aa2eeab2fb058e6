"""Mails, sent outside of requests: they cost no request time, and losing one fails none."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings
from django.core.mail import send_mail

logger = logging.getLogger(__name__)

THREADS = 2
MOST_WAITING = 100

_places = BoundedSemaphore(MOST_WAITING)


@cache
def _threads() -> ThreadPoolExecutor:
    # Made at the first mail: a server forks its workers before.
    return ThreadPoolExecutor(THREADS, thread_name_prefix="mail")


def send_later(mail: Callable[..., None], *args) -> None:
    """Call `mail`, which sends one, in a thread soon; drop it if too many wait already."""
    if not _places.acquire(blocking=False):
        logger.error("Too many mails wait: one %s was dropped.", mail.__name__)
        return

    def sent(future: Future) -> None:
        if error := future.exception():
            # Without its text, which may name the address.
            logger.error("A mail %s was lost: %s", mail.__name__, type(error).__name__)
        _places.release()

    _threads().submit(copy_context().run, mail, *args).add_done_callback(sent)


def reset_link(address: str, username: str, uid: str, token: str) -> None:
    """Tell how to set a new password: by a link of the frontend's, or by what it would hold."""
    if settings.FRONTEND_URL:
        how = f"Open this link:\n\n{settings.FRONTEND_URL}/reset-password#uid={uid}&token={token}"
    else:
        how = f"Enter these where you asked for it:\n\nuid: {uid}\ntoken: {token}"
    _send(
        address,
        "Set a new password",
        f"Hello {username},\n\n"
        f"somebody asked to set a new password for your account. {how}\n\n"
        "It works once, within an hour. If it was not you, do nothing: your password stays.",
    )


def credentials_changed(address: str, username: str, changed: list[str]) -> None:
    """Tell the old address what is new."""
    what = " and ".join(
        {"username": "username", "email": "e-mail address"}[each] for each in changed
    )
    _send(
        address,
        f"Your {what} changed",
        f"Hello {username},\n\n"
        f"the {what} of your account was changed just now, by somebody who knows its password.\n\n"
        "If it was not you, set a new password at once, or write to us.",
    )


def _send(address: str, subject: str, body: str) -> None:
    send_mail(subject, body + "\n", None, [address])
