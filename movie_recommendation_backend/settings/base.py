"""Settings for all environments. Each integration has its own file in this package."""

from . import env
from .accounts import *
from .cache import *
from .cors import *
from .csp import CONTENT_SECURITY_POLICY
from .database import DATABASES
from .limits import *
from .logs import LOGGING
from .mail import *
from .rest import *
from .sentry import SENTRY_DSN
from .server import *
from .tasks import TASKS
from .tmdb import *
from .training import TRAIN_MAX_FILMS

BASE_DIR = env.BASE_DIR

DEBUG = env.read("DEBUG", False, env.boolean)
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", [], env.hosts)
CSRF_TRUSTED_ORIGINS = env.read("CSRF_TRUSTED_ORIGINS", [], env.origins)
CSRF_FAILURE_VIEW = "movie_recommendation_backend.http.errors.csrf_failure"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_yasg",
    "django_tasks",
    "django_tasks_db",
    "movie_recommendation_backend",
    "movies",
    "users",
    "users.recommendations",
]

MIDDLEWARE = [
    # Outermost, so that every response has a request id and caching and CORS headers.
    "movie_recommendation_backend.http.request_log.RequestIdMiddleware",
    "movie_recommendation_backend.http.middleware.PolicyHeadersMiddleware",
    # Before any redirects: preflight requests must not be redirected.
    "corsheaders.middleware.CorsMiddleware",
    # Before the host and the scheme are checked: load balancers use IP addresses and HTTP.
    "movie_recommendation_backend.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "movie_recommendation_backend.http.pages_only.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "movie_recommendation_backend.http.middleware.OptionalSlashMiddleware",
    "movie_recommendation_backend.http.pages_only.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "movie_recommendation_backend.http.pages_only.CsrfViewMiddleware",
    "movie_recommendation_backend.http.pages_only.AuthenticationMiddleware",
    "movie_recommendation_backend.http.pages_only.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "movie_recommendation_backend.http.errors.JsonErrorsMiddleware",
]

# This check looks for Django's own class and misses the subclass above. `test_settings` checks it.
SILENCED_SYSTEM_CHECKS = ["security.W003"]

ROOT_URLCONF = "movie_recommendation_backend.urls"
WSGI_APPLICATION = "movie_recommendation_backend.wsgi.application"
# OptionalSlashMiddleware serves these paths. A redirect would lose the body of a POST.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
