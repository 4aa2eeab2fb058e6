"""Concurrent requests in tests."""

import threading

from django.db import connection


def at_once(*calls) -> list[int]:
    """Run the calls concurrently and return their statuses."""
    start = threading.Barrier(len(calls))
    statuses = [0] * len(calls)

    def run(number: int, call) -> None:
        start.wait()
        try:
            statuses[number] = call().status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses
