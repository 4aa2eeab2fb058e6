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
    # Accounts made before Argon2: hashed anew at their next login.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds


def signing_key(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("must have 32 random characters or more")
    return raw


SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(
        minutes=env.read("JWT_ACCESS_MINUTES", 15, env.whole(1, 24 * 60))
    ),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.read("JWT_REFRESH_DAYS", 14, env.whole(1, 365))),
}
# Else simplejwt takes SECRET_KEY.
if _key := env.read("JWT_SIGNING_KEY", None, signing_key):
    SIMPLE_JWT["SIGNING_KEY"] = _key
# Tokens that the former key signed are still accepted; new ones it signs none.
JWT_PREVIOUS_KEY = env.read("JWT_PREVIOUS_KEY", None, signing_key)
