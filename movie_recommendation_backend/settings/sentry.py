"""SENTRY_DSN: where errors are reported. Without it, they are only logged."""

from . import env


def dsn(raw: str) -> str:
    # Imported only if used, because it takes several megabytes in every worker.
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(raw)
    except BadDsn:
        raise ValueError("must look like https://key@host/project") from None
    return raw


SENTRY_DSN = env.read("SENTRY_DSN", None, dsn)
if SENTRY_DSN:
    from movie_recommendation_backend.error_reports import start

    start(SENTRY_DSN)
