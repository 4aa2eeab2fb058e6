"""Development: starts without any configuration."""

import os
import secrets

from . import env
from .base import *
from .tasks import AT_ONCE, IN_WORKER


def _stored_secret_key() -> str:
    """Return the key in `.secret_key`, which the first start generates."""
    path = env.BASE_DIR / ".secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key


SECRET_KEY = env.read("SECRET_KEY") or _stored_secret_key()
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], env.hosts)
CORS_ALLOWED_ORIGIN_REGEXES = [r"^https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$"]
# bin/serve starts a worker; a shell alone has none.
TASKS = IN_WORKER if env.read("TASK_WORKER", False, env.boolean) else AT_ONCE
# Serve static files from the installed packages, without collectstatic.
WHITENOISE_USE_FINDERS = True
