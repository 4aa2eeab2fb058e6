"""Tests: ignore `.env`. DATABASE_URL and REDIS_URL select what the suite runs on."""

import os
import re

# Each pytest-xdist worker uses its own Redis database, counted downwards.
os.environ.setdefault("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
for _name in ("REDIS_URL", "TEST_REDIS_URL"):
    if _url := os.environ.get(_name):
        os.environ[_name] = re.sub(r"\d+$", lambda found: str(int(found[0]) - _worker), _url)

from .base import *
from .tasks import AT_ONCE

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CORS_ALLOWED_ORIGINS = ["https://films.example"]
TASKS = AT_ONCE
WHITENOISE_USE_FINDERS = True
# A file, so that threads compete for the same locks as in a deployment.
DATABASES["default"]["TEST"] = (
    {"NAME": BASE_DIR / "test.sqlite3"} if "sqlite" in DATABASES["default"]["ENGINE"] else {}
)
