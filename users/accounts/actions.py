"""What happens to accounts. Each function that writes owns its transaction.

Errors of the user's are Django's ValidationError by field, which the API answers as 400.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode

from users.lists.kinds import LISTS
from users.models import User

from . import mail, tokens
from .authentication import account_of, count_wrong_password, refuse_locked
from .reset_tokens import reset_tokens

# What a login goes by: to change it takes the password, and is told to the old address.
CREDENTIALS = {"username", "email"}


def register(*, username: str, email: str, password: str) -> User:
    """Make an account. That a name or an address is taken is told: nobody could choose else."""
    user = User(username=username, email=User.objects.normalize_email(email))
    if errors := user.taken() | weaknesses(password, user, attr="password"):
        raise ValidationError(errors)
    user.set_password(password)
    with _taken_names_refused(user):
        user.save()
    return user


def note_login(user: User) -> bool:
    """Note the time of a login; False if the account was deleted just now."""
    return bool(User.objects.filter(pk=user.pk).update(last_login=timezone.now()))


def update_profile(user: User, *, password: str | None = None, **changes) -> None:
    """Change the profile; a new username or e-mail address takes the password."""
    if "email" in changes:
        changes["email"] = User.objects.normalize_email(changes["email"])
    changes = {name: new for name, new in changes.items() if new != getattr(user, name)}
    if not changes:
        return
    old_address, old_name = user.email, user.username
    credentials = changes.keys() & CREDENTIALS
    as_read = User.objects.filter(pk=user.pk, token_version=user.token_version)
    if credentials:
        confirm_password(user, password, attr="password")
        as_read = as_read.filter(password=user.password)
    for name, new in changes.items():
        setattr(user, name, new)
    if credentials and (errors := user.taken()):
        raise ValidationError(errors)
    with _taken_names_refused(user):
        if not as_read.update(**changes):
            # Deleted, or its sessions were ended, while this request was at work.
            raise tokens.TokenNotValid
    if credentials and old_address:
        mail.send_credentials_changed.enqueue(old_address, old_name, sorted(credentials))


def confirm_password(user: User, password: str | None, *, attr: str) -> None:
    """Raise ValidationError unless it is the user's; wrong ones count. Raises Throttled."""
    if password is None:
        raise ValidationError({attr: ValidationError("The password is needed.", "required")})
    refuse_locked(account_of(user))
    if not user.check_password(password):
        count_wrong_password(account_of(user))
        raise ValidationError({attr: ValidationError("The password is wrong.", "wrong_password")})


def change_password(user: User, *, old_password: str, new_password: str) -> User:
    """Set a new password and end all sessions; return the user that new tokens are made for.

    Raises TokenNotValid if another request ended the sessions meanwhile.
    """
    confirm_password(user, old_password, attr="old_password")
    if errors := weaknesses(new_password, user, attr="new_password"):
        raise ValidationError(errors)
    if not _replace_password(user, new_password):
        raise tokens.TokenNotValid
    return user


def request_reset(email: str) -> None:
    """Have a reset link sent to the user with this address, if there is one.

    Nothing is looked up here: neither the time nor the answer tells whether an account exists.
    """
    mail.send_reset_link.enqueue(email)


def confirm_reset(*, uid: str, token: str, new_password: str) -> None:
    """Set a new password by a reset link, which it uses up, and end all sessions."""
    bad_link = ValidationError(
        {"token": ValidationError("The link is damaged, too old or was used.", "invalid_token")}
    )
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(uid).decode(), is_active=True)
    except (ValueError, User.DoesNotExist):
        raise bad_link from None
    if not reset_tokens.check_token(user, token):
        raise bad_link
    if errors := weaknesses(new_password, user, attr="new_password"):
        raise ValidationError(errors)
    if not _replace_password(user, new_password):
        raise bad_link


def delete(user: User, *, password: str) -> None:
    """Delete the account and every row that tells of it."""
    confirm_password(user, password, attr="password")
    with transaction.atomic():
        # Who writes a row of this user's now waits, and then finds nobody.
        if not User.objects.select_for_update().filter(pk=user.pk).exists():
            raise tokens.TokenNotValid
        about_users = ContentType.objects.get_for_model(User)
        LogEntry.objects.filter(content_type=about_users, object_id=str(user.pk)).delete()
        # What an administrator changed on the user's lists: Entry.__str__ begins with the user.
        about_lists = ContentType.objects.get_for_models(*(k.model for k in LISTS.values()))
        entries = LogEntry.objects.filter(content_type__in=about_lists.values())
        entries.filter(object_repr__startswith=f"{user.pk}: ").delete()
        _delete_admin_sessions(user)
        user.delete()


def weaknesses(password: str, user: User, *, attr: str) -> dict[str, list[ValidationError]]:
    """Return what is wrong with a new password, as errors by field."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {attr: error.error_list}
    return {}


def _replace_password(user: User, new_password: str) -> bool:
    """Set the password and end all sessions; False if what that hung on changed meanwhile."""
    as_read = User.objects.filter(
        pk=user.pk,
        password=user.password,
        email=user.email,
        username=user.username,
        token_version=user.token_version,
        is_active=True,
    )
    user.password = make_password(new_password)
    user.token_version += 1
    return bool(as_read.update(password=user.password, token_version=user.token_version))


@contextmanager
def _taken_names_refused(user: User) -> Iterator[None]:
    """Let who lost the race for a name or an address hear what he would have heard later."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if errors := user.taken():
            raise ValidationError(errors) from None
        raise


def _delete_admin_sessions(user: User) -> None:
    # Few: only the admin makes any. Whoever is no administrator now may have been one.
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
