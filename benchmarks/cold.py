"""A thousand concurrent requests for one key that no cache has, and the memory of the workers."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from .serving import ROOT, gunicorn, served
from .throughput import DOCUMENT, Contender

from rehearsal import free_port

WORKERS, REQUESTS = 4, 1000
FILLED_AFTER = 5  # seconds
KEY = "0123456789abcdef" * 2


@contextmanager
def stand_in(variables: dict[str, str]) -> Iterator[str]:
    """Serve the stand-in for TMDb, and yield its URL."""
    port = free_port()
    command = [sys.executable, "manage.py", "tmdb_standin", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE) as process:
        try:
            process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


async def one_request(port: int, path: str) -> bytes:
    """Return the status line of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer = await reader.read()
        return answer.partition(b"\r\n")[0]
    finally:
        writer.close()


async def many_requests(port: int, path: str) -> list[bytes]:
    return await asyncio.gather(*(one_request(port, path) for _ in range(REQUESTS)))


def private_megabytes(pid: int) -> float:
    """Return the memory of a process beyond what it shares with others."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(map(int, re.findall(r"^Private_\w+:\s*(\d+)", text, re.MULTILINE))) / 1024


def measure(folder: Path, variables: dict[str, str]) -> tuple[int, float]:
    """Return the requests to TMDb for REQUESTS cold ones, and the largest worker's memory in MB."""
    with stand_in(variables) as tmdb:
        port = free_port()
        variables = variables | {
            "PORT": str(port),
            "WEB_CONCURRENCY": str(WORKERS),
            "TMDB_DEMO": "false",
            "TMDB_BASE_URL": f"{tmdb}/3",
            "TMDB_API_KEY": KEY,
        }
        log = folder / "cold.log"
        with served(gunicorn(), variables, port, "/api/health/live/", log) as process:
            site = f"http://127.0.0.1:{port}"
            # Genre names are a question of their own.
            requests.get(f"{site}/api/movies/genres/", timeout=10)
            requests.delete(f"{tmdb}/standin/requests", timeout=10)
            fault = {"fault": "latency", "seconds": 1, "times": 1}
            requests.post(f"{tmdb}/standin/faults", json=fault, timeout=10)
            path = f"{DOCUMENT}?page=2"
            statuses = asyncio.run(many_requests(port, path))
            if not all(status.endswith(b"200 OK") for status in statuses):
                raise RuntimeError(f"Not all answers are 200: {set(statuses)}")
            asked = requests.get(f"{tmdb}/standin/requests", timeout=10).json()["total"]
            for page in range(1, 21):
                requests.get(f"{site}/api/movies/discover/?page={page}", timeout=10)
                requests.get(f"{site}/api/docs/", timeout=10)
            # Each query is copied, until the copies take as much memory as they may.
            Contender("copies", site + DOCUMENT, unique=True).ask(FILLED_AFTER)
            children = subprocess.run(
                ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True
            )
            memory = max(private_megabytes(int(pid)) for pid in children.stdout.split())
    return asked, memory
