"""Connections with one deadline for all reads of an exchange.

A socket's time-out applies to each read, so a peer that sends a byte now and then could occupy a
connection and its thread indefinitely.
"""

import io
from collections.abc import Callable
from http.client import HTTPResponse
from socket import socket
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class DeadlineReader(io.RawIOBase):
    """Reads from a socket while `seconds_left` is positive. Raises TimeoutError after that."""

    def __init__(self, raw: io.RawIOBase, sock: socket, seconds_left: Callable[[], float]):
        self.raw = raw
        self.sock = sock
        self.seconds_left = seconds_left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left = self.seconds_left()
        if left <= 0:
            raise TimeoutError("The exchange took too long.")
        timeout = self.sock.gettimeout()
        self.sock.settimeout(left if timeout is None else min(timeout, left))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()


def pool_classes(seconds_left: Callable[[], float]) -> dict[str, type]:
    """Return urllib3's connection pools by scheme, whose reads take at most `seconds_left`."""

    class Response(HTTPResponse):
        def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(DeadlineReader(self.fp.detach(), sock, seconds_left))

    class PlainConnection(HTTPConnection):
        response_class = Response

    class SecureConnection(HTTPSConnection):
        response_class = Response

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": PlainPool, "https": SecurePool}
