"""Everything that is stored about a user, as one JSON document."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.db.models import Prefetch
from rest_framework import serializers

from movie_recommendation_backend.http.renderers import JSONRenderer

from .accounts.serializers import UserProfileSerializer
from .accounts.tokens import TokenNotValid
from .lists.kinds import LISTS
from .lists.reading import exported
from .lists.serializers import ExportedEntrySerializer
from .models import BlacklistedToken, User

MAX_IN_MEMORY = 1024 * 1024  # bytes; larger documents are written to disk


class BlacklistedTokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = BlacklistedToken
        fields = ["jti", "reason", "blacklisted_at", "expires_at"]


class LogEntrySerializer(serializers.ModelSerializer):
    """An action of the user in the admin."""

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
    groups: serializers.SlugRelatedField = serializers.SlugRelatedField(
        "name", many=True, read_only=True
    )
    user_permissions: serializers.SlugRelatedField = serializers.SlugRelatedField(
        "codename", many=True, read_only=True
    )
    blacklisted_tokens = BlacklistedTokenSerializer(many=True)
    log_entries = LogEntrySerializer(many=True, source="logentry_set")


ExportSerializer = type(
    "ExportSerializer",
    (serializers.Serializer,),
    {"__doc__": "The document of `export_file`.", "user": ExportedUserSerializer()}
    | {name: ExportedEntrySerializer(kind=kind, many=True) for name, kind in LISTS.items()},
)


def export_file(user: User) -> IO[bytes]:
    """Return a file with the document, opened at its beginning.

    All parts come from the same snapshot of the database. The file is written before it is sent,
    so that slow clients do not keep the transaction open. Lists are written one chunk at a time.
    Raise TokenNotValid if the user has just been deleted.
    """
    with ExitStack() as closing, snapshot():
        file = closing.enter_context(SpooledTemporaryFile(MAX_IN_MEMORY))
        try:
            user = User.objects.prefetch_related(
                Prefetch("logentry_set", LogEntry.objects.select_related("content_type"))
            ).get(pk=user.pk)
        except User.DoesNotExist:
            raise TokenNotValid from None
        file.writelines(chunks(user))
        file.seek(0)
        closing.pop_all()
    return file


def chunks(user: User) -> Iterator[bytes]:
    """Yield the document, one chunk of a list at a time."""
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
def snapshot() -> Iterator[None]:
    """Make all queries of the block see the same snapshot of the database."""
    # PostgreSQL cannot change the level of a transaction that has begun (in tests, say). SQLite has
    # only this level.
    can_change_level = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if can_change_level:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
