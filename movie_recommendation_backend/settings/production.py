"""Production: refuses to start with an unsafe configuration."""

from django.core.exceptions import ImproperlyConfigured

from . import env
from .base import *

for _name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
    if not env.read(_name):
        raise ImproperlyConfigured(f"{_name} must be set in production.")

SECRET_KEY = env.read("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure"):
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 random characters in production.")
if DEBUG:
    raise ImproperlyConfigured("DEBUG must not be true in production.")
if any(host in ("*", ".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must list hosts, not *, in production.")
if TMDB_DEMO and env.read("TMDB_DEMO") is None:
    raise ImproperlyConfigured(
        "TMDB_READ_TOKEN or TMDB_API_KEY must be set in production"
        " (or TMDB_DEMO=true to serve the built-in demo catalogue)."
    )

# Without a trusted proxy, X-Forwarded-Proto could be forged: ignore it, and do not redirect.
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

STATIC_ROOT = env.BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING["handlers"]["console"]["formatter"] = "json"
