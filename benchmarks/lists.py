"""Measure requests for a user with a list of 20,000 movies, in milliseconds.

    python benchmarks/lists.py

DATABASE_URL selects the server. The benchmark creates its own database there and drops it at the
end. Compare figures within a run only: the last column is the ratio to the first row.
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "movie_recommendation_backend.settings.test"
os.environ["LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from users.accounts.tokens import tokens_for
from users.lists import reading
from users.lists.kinds import LISTS
from users.lists.tests.builders import make_entries, make_movies
from users.models import User

ENTRIES = 20_000
ROUNDS = 30
PATH = "/api/users/favorites/"


class Measured:
    def __init__(self, user: User):
        self.client = Client(headers={"authorization": f"Bearer {tokens_for(user)['access']}"})
        self.baseline = None

    def get(self, path: str) -> dict:
        return self.client.get(path).json()

    def show(self, name: str, path: str) -> None:
        with CaptureQueriesContext(connection) as captured:
            self.get(path)
        queries = len(captured)
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            self.client.get(path)
            times.append((time.perf_counter() - begun) * 1000)
        median = statistics.median(times)
        self.baseline = self.baseline or median
        print(f"{name:44} {queries:3} queries {median:8.1f} ms {median / self.baseline:6.2f}")


def page_1000(measured: Measured, sort: str) -> str:
    link = f"{PATH}?sort={sort}&page_size=20"
    for _ in range(999):
        link = measured.get(link)["next"]
    return link


def main() -> None:
    settings.THROTTLE_USER = "1000000/min"
    user = User.objects.create_user("benchmark", "", None)
    make_entries(user, make_movies(ENTRIES))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    measured = Measured(user)
    measured.show("favorites, page 1, 20 entries", f"{PATH}?page_size=20")
    for size in (1, 100):
        measured.show(f"favorites, page 1, {size} entries", f"{PATH}?page_size={size}")
    for sort in ("-added_at", "title", "-release_date", "rating"):
        measured.show(f"{sort}, page 1", f"{PATH}?sort={sort}&page_size=20")
        measured.show(f"{sort}, page 1,000", page_1000(measured, sort))
    measured.show("one movie", f"{PATH}1/")
    ids = ",".join(map(str, range(1, 101)))
    measured.show("library of 100 movies", f"/api/users/library/?movie_ids={ids}")
    measured.show("profile with its counts", "/api/users/profile/")
    newest = reading.entries(LISTS["favorites"], user).order_by("-added_at", "-movie_id")
    print(newest[:21].explain())


if __name__ == "__main__":
    name = connection.creation.create_test_db(verbosity=0)
    try:
        main()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
