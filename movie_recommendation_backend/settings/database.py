"""DATABASE_URL: PostgreSQL, or by default SQLite in the project's root."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from . import env

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql", "pgsql")


def database_url(raw: str) -> dict[str, Any]:
    """Return the DATABASES entry for a database URL."""
    if raw.split("://")[0] not in DATABASE_SCHEMES:
        raise ValueError("must start with postgres:// or sqlite:///")
    try:
        return dict(dj_database_url.parse(raw, conn_max_age=60, conn_health_checks=True))
    except (ValueError, dj_database_url.ParseError):
        raise ValueError("is not a usable database URL") from None


_database = env.read(
    "DATABASE_URL", database_url(f"sqlite:///{env.BASE_DIR}/db.sqlite3"), database_url
)
if not _database["NAME"]:
    raise ImproperlyConfigured("DATABASE_URL must name a database.")

if _database["ENGINE"].endswith("sqlite3"):
    # With Django's defaults, half of the concurrent requests that read and then write fail with
    # "database is locked". WAL lets readers continue while another connection writes. IMMEDIATE
    # takes the write lock when a transaction begins, when SQLite can still wait for it.
    _database.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=5,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    )
else:
    _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    # A pooler in transaction mode, such as PgBouncer, does not keep a cursor after a transaction.
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True

DATABASES = {"default": _database}
