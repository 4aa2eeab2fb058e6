"""Delete accounts."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction

from users.lists.kinds import LISTS
from users.models import User

from . import mail
from .actions import confirm_password
from .tokens import TokenNotValid


def delete_account(user: User, *, password: str) -> None:
    """Delete the account and every row that mentions it.

    Raise ValidationError or Throttled for a wrong password, and TokenNotValid if the account has
    just been deleted.
    """
    confirm_password(user, password, attr="password")
    with transaction.atomic():
        # Requests that write this user's rows wait for this lock, and then find no user.
        if not User.objects.select_for_update().filter(pk=user.pk).exists():
            raise TokenNotValid
        about_users = ContentType.objects.get_for_model(User)
        LogEntry.objects.filter(content_type=about_users, object_id=str(user.pk)).delete()
        # Log entries of administrators' changes to the lists begin with the user's id, as
        # Entry.__str__ does.
        about_lists = ContentType.objects.get_for_models(*(k.model for k in LISTS.values()))
        entries = LogEntry.objects.filter(content_type__in=about_lists.values())
        entries.filter(object_repr__startswith=f"{user.pk}: ").delete()
        _delete_admin_sessions(user)
        mail.delete_waiting(user)
        user.delete()


def _delete_admin_sessions(user: User) -> None:
    # Only the admin uses Django's sessions, so there are few. The user may be a former admin.
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
