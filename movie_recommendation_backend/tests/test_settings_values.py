"""The values of settings, by environment variable."""

import pytest

from .configuration import DEVELOPMENT, manage, value_of

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]


def test_the_demo_is_used_without_credentials():
    key = {"TMDB_API_KEY": "0123456789abcdef" * 2}
    assert value_of("TMDB_DEMO", **DEVELOPMENT) == "True"
    assert value_of("TMDB_DEMO", **DEVELOPMENT, **key) == "False"
    assert value_of("TMDB_DEMO", **DEVELOPMENT, **key, TMDB_DEMO="true") == "True"


def test_language_and_region_may_have_any_case():
    assert value_of("TMDB_LANGUAGE", **DEVELOPMENT, TMDB_LANGUAGE="DE-de") == "'de-DE'"
    assert value_of("TMDB_REGION", **DEVELOPMENT, TMDB_REGION="de") == "'DE'"


def test_debug_is_off_unless_set():
    assert value_of("DEBUG", **DEVELOPMENT) == "False"
    assert value_of("DEBUG", **DEVELOPMENT, DEBUG="1") == "True"


def test_one_process_without_redis():
    assert value_of("WORKERS", **DEVELOPMENT, WEB_CONCURRENCY="4") == "1"
    redis = {"REDIS_URL": "redis://127.0.0.1:6379/9"}
    assert value_of("WORKERS", **DEVELOPMENT, WEB_CONCURRENCY="4", **redis) == "4"
    assert value_of("TMDB_CONNECTIONS", **DEVELOPMENT, WEB_CONCURRENCY="4", **redis) == "2"


def test_sqlite_is_set_up_for_threads():
    options = value_of("DATABASES['default']['OPTIONS']", **DEVELOPMENT)
    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "journal_mode=WAL" in options


@pytest.mark.parametrize(
    "url, host, port, implicit, starttls",
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("submission://mail.example", "mail.example", 587, False, True),
        ("smtps://mail.example", "mail.example", 465, True, False),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, False, False),
    ],
)
def test_email_url_configures_the_mail_server(url, host, port, implicit, starttls):
    url = url.replace("://", "://ada:p%40ss@")
    names = ["HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS", "BACKEND"]
    code = "; ".join(f"print(settings.EMAIL_{name})" for name in names)
    code = f"from django.conf import settings; {code}"
    finished = manage("shell", "--no-imports", "-c", code, **DEVELOPMENT | {"EMAIL_URL": url})
    assert finished.stdout.splitlines() == [
        host,
        str(port),
        "ada",
        "p@ss",
        str(implicit),
        str(starttls),
        "django.core.mail.backends.smtp.EmailBackend",
    ]


def test_without_email_url_mails_are_printed():
    assert "console" in value_of("EMAIL_BACKEND", **DEVELOPMENT)


def test_jwt_signing_key_is_optional():
    key = "jwt" * 20
    assert "SIGNING_KEY" not in value_of("SIMPLE_JWT", **DEVELOPMENT)
    assert key in value_of("SIMPLE_JWT", **DEVELOPMENT | {"JWT_SIGNING_KEY": key})
