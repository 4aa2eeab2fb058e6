"""All that is stored about a user, as one JSON document in pieces."""

from collections.abc import Iterator

from rest_framework.renderers import JSONRenderer

from . import serializers
from .lists.kinds import LISTS
from .lists.reading import exported
from .models import User


def written(user: User) -> Iterator[bytes]:
    """Yield the document; only a chunk of a list is in memory at a time."""
    render = JSONRenderer().render
    yield b'{"user":' + render(serializers.ExportedUserSerializer(user).data)
    for kind in LISTS.values():
        yield b',"%s":[' % kind.name.encode()
        comma = b""
        for chunk in exported(kind, user):
            yield comma + render(chunk)[1:-1]
            comma = b","
        yield b"]"
    yield b"}"
