"""Connections on which reading ends with the exchange, however slowly the bytes come.

A socket's time-out holds for each read, so that a peer that sends a byte now and then could keep
a connection, and the thread at it, for as long as it likes.
"""

import io
from collections.abc import Callable
from http.client import HTTPResponse
from socket import SocketIO, socket

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class DeadlineReader(io.RawIOBase):
    """A socket's bytes, for as long as `seconds_left` says that there is time."""

    def __init__(self, raw: SocketIO, sock: socket, seconds_left: Callable[[], float]):
        self.raw = raw
        self.sock = sock
        self.seconds_left = seconds_left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int | None:
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
    """Return urllib3's connection pools by scheme, with reading bounded by `seconds_left`."""

    class Response(HTTPResponse):
        def __init__(self, sock, *args, **kwargs):
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
