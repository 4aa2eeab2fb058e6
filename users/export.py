"""All that is stored about a user, as one JSON document."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from .accounts.serializers import UserProfileSerializer
from .accounts.tokens import TokenNotValid
from .lists.kinds import LISTS
from .lists.reading import exported
from .lists.serializers import exported_entry_serializer
from .models import BlacklistedToken, User

LARGEST_IN_MEMORY = 1024 * 1024  # bytes; beyond it goes to disk


class BlacklistedTokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = BlacklistedToken
        fields = ["jti", "reason", "blacklisted_at", "expires_at"]


class LogEntrySerializer(serializers.ModelSerializer):
    """What an administrator did in the admin."""

    content_type = serializers.CharField(allow_null=True)

    class Meta:
        model = LogEntry
        fields = [
            "action_time",
            "content_type",
            "object_id",
            "object_repr",
            "action_flag",
            "change_message",
        ]


class ExportedUserSerializer(UserProfileSerializer):
    id = serializers.IntegerField()
    last_login = serializers.DateTimeField(allow_null=True)
    is_active = serializers.BooleanField()
    is_staff = serializers.BooleanField()
    is_superuser = serializers.BooleanField()
    token_version = serializers.IntegerField()
    groups = serializers.SlugRelatedField("name", many=True, read_only=True)
    user_permissions = serializers.SlugRelatedField("codename", many=True, read_only=True)
    blacklisted_tokens = BlacklistedTokenSerializer(many=True)
    log_entries = LogEntrySerializer(many=True, source="logentry_set")


ExportSerializer = type(
    "ExportSerializer",
    (serializers.Serializer,),
    {"__doc__": "Documents what `written` writes.", "user": ExportedUserSerializer()}
    | {name: exported_entry_serializer(kind)(many=True) for name, kind in LISTS.items()},
)


def written(user: User) -> IO[bytes]:
    """Return a file with the document, all of one moment, to be read from its beginning.

    Not sent while it is read: how long a client takes is no matter of the database's. A chunk
    of a list is in memory at a time. Raises TokenNotValid if the user was deleted just now.
    """
    with ExitStack() as closing, one_moment():
        file = closing.enter_context(SpooledTemporaryFile(LARGEST_IN_MEMORY))
        try:
            user = User.objects.prefetch_related(
                Prefetch("logentry_set", LogEntry.objects.select_related("content_type"))
            ).get(pk=user.pk)
        except User.DoesNotExist:
            raise TokenNotValid from None
        file.writelines(pieces(user))
        file.seek(0)
        closing.pop_all()
    return file


def pieces(user: User) -> Iterator[bytes]:
    render = JSONRenderer().render
    yield b'{"user":' + render(ExportedUserSerializer(user).data)
    for kind in LISTS.values():
        yield b',"%s":[' % kind.name.encode()
        comma = b""
        for chunk in exported(kind, user):
            yield comma + render(chunk)[1:-1]
            comma = b","
        yield b"]"
    yield b"}"


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all queries inside see the database as it is now."""
    # In a transaction that has begun PostgreSQL takes no other level; SQLite has but one.
    settled = connection.vendor != "postgresql" or connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not settled:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
