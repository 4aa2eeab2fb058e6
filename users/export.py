"""All that is stored about a user, as one JSON document in pieces."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from .lists.kinds import LISTS
from .lists.reading import exported
from .lists.serializers import exported_entry_serializer
from .models import BlacklistedToken, User
from .serializers import UserProfileSerializer


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


def written(user: User) -> Iterator[bytes]:
    """Yield the document, of one moment; only a chunk of a list is in memory at a time."""
    render = JSONRenderer().render
    with one_moment():
        user.refresh_from_db()
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
    """Let all queries inside see the database as it is now.

    On PostgreSQL alone: SQLite's transactions here lock out all writers, which a slow download
    must not.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
