"""Tests: reads no `.env`; DATABASE_URL and REDIS_URL say what the suite runs on."""

from .base import *

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CORS_ALLOWED_ORIGINS = ["https://films.example"]
WHITENOISE_USE_FINDERS = True
# A file, so that threads meet the same locks as in a real deployment.
DATABASES["default"]["TEST"] = (
    {"NAME": BASE_DIR / "test.sqlite3"} if "sqlite" in DATABASES["default"]["ENGINE"] else {}
)
