"""Create and change accounts.

Each function that writes owns its transaction. Invalid input raises Django's ValidationError by
field, which the API maps to 400.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode

from users.models import User

from . import mail, tokens
from .authentication import account_of, count_wrong_password, refuse_if_locked
from .reset_tokens import reset_tokens

# Changing one of these requires the password. The old email address is notified.
CREDENTIALS = {"username", "email"}


def register(*, username: str, email: str, password: str) -> User:
    """Create an account. Raise ValidationError.

    Registration reveals that a name is taken; users could not pick another otherwise.
    """
    user = User(username=username, email=User.objects.normalize_email(email))
    if errors := user.conflicts() | password_errors(password, user, attr="password"):
        raise ValidationError(errors)
    user.set_password(password)
    with _lost_race_reported(user):
        user.save()
    return user


def update_last_login(user: User) -> bool:
    """Store the time of a login. Return False if the account has just been deleted."""
    return bool(User.objects.filter(pk=user.pk).update(last_login=timezone.now()))


def update_profile(user: User, *, password: str | None = None, **changes: Any) -> None:
    """Change the profile. A new username or email address requires the password.

    Raise ValidationError, Throttled after too many wrong passwords, or TokenNotValid if the user
    was deleted or their sessions ended in the meantime.
    """
    if "email" in changes:
        changes["email"] = User.objects.normalize_email(changes["email"])
    changes = {name: new for name, new in changes.items() if new != getattr(user, name)}
    if not changes:
        return
    old_address, old_name = user.email, user.username
    credentials = changes.keys() & CREDENTIALS
    unchanged = User.objects.filter(pk=user.pk, token_version=user.token_version)
    if credentials:
        confirm_password(user, password, attr="password")
        unchanged = unchanged.filter(password=user.password)
    for name, new in changes.items():
        setattr(user, name, new)
    if credentials and (errors := user.conflicts()):
        raise ValidationError(errors)
    with _lost_race_reported(user):
        if not unchanged.update(**changes):
            raise tokens.TokenNotValid
    if credentials and old_address:
        mail.send_credentials_changed.enqueue(user.pk, old_address, old_name, sorted(credentials))


def confirm_password(user: User, password: str | None, *, attr: str) -> None:
    """Raise ValidationError on `attr` unless `password` is the user's.

    Wrong passwords are counted. Raise Throttled if there were too many.
    """
    if password is None:
        raise ValidationError({attr: ValidationError("The password is required.", "required")})
    refuse_if_locked(account_of(user))
    if not user.check_password(password):
        count_wrong_password(account_of(user))
        raise ValidationError({attr: ValidationError("The password is wrong.", "wrong_password")})


def change_password(user: User, *, old_password: str, new_password: str) -> User:
    """Set a new password and end all sessions. Return the user, for creating new tokens.

    Raise ValidationError, Throttled after too many wrong passwords, or TokenNotValid if another
    request has ended the sessions in the meantime.
    """
    confirm_password(user, old_password, attr="old_password")
    if errors := password_errors(new_password, user, attr="new_password"):
        raise ValidationError(errors)
    if not _replace_password(user, new_password):
        raise tokens.TokenNotValid
    return user


def request_reset(email: str) -> None:
    """Queue a reset link for the user with this address, if there is one.

    The worker looks the user up, so neither the duration nor the response reveals whether an
    account exists.
    """
    mail.send_reset_link.enqueue(email)


def confirm_reset(*, uid: str, token: str, new_password: str) -> None:
    """Set a new password with a reset link, which works once, and end all sessions.

    Raise ValidationError.
    """
    bad_link = ValidationError(
        {"token": ValidationError("The link is damaged, expired or already used.", "invalid_token")}
    )
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(uid).decode(), is_active=True)
    except (ValueError, User.DoesNotExist):
        raise bad_link from None
    if not reset_tokens.check_token(user, token):
        raise bad_link
    if errors := password_errors(new_password, user, attr="new_password"):
        raise ValidationError(errors)
    if not _replace_password(user, new_password):
        raise bad_link


def password_errors(password: str, user: User, *, attr: str) -> dict[str, Any]:
    """Return the errors of a new password as `{attr: errors}`, or an empty dictionary."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {attr: error.error_list}
    return {}


def _replace_password(user: User, new_password: str) -> bool:
    """Set the password and end all sessions. Return False if the user's row has changed."""
    unchanged = User.objects.filter(
        pk=user.pk,
        password=user.password,
        email=user.email,
        username=user.username,
        token_version=user.token_version,
        is_active=True,
    )
    user.password = make_password(new_password)
    user.token_version += 1
    return bool(unchanged.update(password=user.password, token_version=user.token_version))


@contextmanager
def _lost_race_reported(user: User) -> Iterator[None]:
    """Report a lost race as the ordinary "already taken" error."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if errors := user.conflicts():
            raise ValidationError(errors) from None
        raise
