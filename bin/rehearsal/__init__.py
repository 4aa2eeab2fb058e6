"""The code of bin/rehearse and bin/rehearse-image."""

import socket


def say(what: str) -> None:
    print(what, flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
