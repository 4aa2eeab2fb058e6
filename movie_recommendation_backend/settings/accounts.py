"""Accounts: passwords and tokens."""

from datetime import timedelta

from . import env

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["users.authentication.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "users.accounts.hashers.Argon2PasswordHasher",
    # For accounts older than Argon2. They are rehashed at their next login.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds


def signing_key(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("must have at least 32 random characters")
    return raw


SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(
        minutes=env.read("JWT_ACCESS_MINUTES", 15, env.whole(1, 24 * 60))
    ),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.read("JWT_REFRESH_DAYS", 14, env.whole(1, 365))),
}
# Without it, simplejwt uses SECRET_KEY.
if _key := env.read("JWT_SIGNING_KEY", None, signing_key):
    SIMPLE_JWT["SIGNING_KEY"] = _key
# Tokens signed with the previous key are accepted until they expire.
JWT_PREVIOUS_KEY = env.read("JWT_PREVIOUS_KEY", None, signing_key)
