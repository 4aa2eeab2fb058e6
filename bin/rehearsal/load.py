"""A small load test: several clients at once, and a count of their failed requests."""

import random
import threading
import time
from collections import Counter

import requests


class Load:
    """Keep clients busy inside `with Load(...) as load:`; see `load.sent` and `load.failures`.

    Each client pauses between requests: mostly for a short time, sometimes for seconds. Therefore
    requests reach connections behind the proxy that are busy, idle or about to be closed.
    """

    def __init__(self, base_url: str, ca: str, token: str, movies: list[int], clients: int = 16):
        self.base_url, self.ca, self.movies = base_url, ca, movies
        self.headers = {"Authorization": f"Bearer {token}"}
        self.sent: Counter[str] = Counter()
        self.failures: list[str] = []
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.client, args=[n]) for n in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def client(self, number: int) -> None:
        chance = random.Random(number)
        with requests.Session() as session:
            # Otherwise certificates from the environment would take precedence.
            session.trust_env = False
            session.verify = self.ca
            while not self.over.is_set():
                movie = chance.choice(self.movies)
                self.ask(session, "GET", f"/api/movies/{movie}/", None, {200})
                self.ask(session, "POST", "/api/users/hidden/", {"movie_id": movie}, {200, 201})
                time.sleep(chance.choice([0, 0, 0, 0.01, 0.05, 0.2, chance.uniform(0.8, 2.5)]))

    def ask(self, session, method: str, path: str, body: dict | None, good: set[int]) -> None:
        headers = {} if body is None else self.headers
        try:
            response = session.request(
                method, self.base_url + path, json=body, headers=headers, timeout=30
            )
            failure = None if response.status_code in good else str(response.status_code)
        except requests.RequestException as error:
            failure = type(error).__name__
        with self.lock:
            self.sent[method] += 1
            if failure:
                self.failures.append(f"{method} {path}: {failure}")
