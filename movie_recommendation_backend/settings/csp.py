"""Content-Security-Policy: scripts from here alone, and none inside a page."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE

from .tmdb import TMDB_IMAGE_BASE_URL

_images = urlsplit(TMDB_IMAGE_BASE_URL)

CONTENT_SECURITY_POLICY = {
    # The catalogue's answers are JSON for every page and cached as they are.
    "EXCLUDE_URL_PREFIXES": ("/api/movies/", "/api/recommendations/starter/"),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # Swagger UI and ReDoc set styles from their scripts.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", f"{_images.scheme}://{_images.netloc}"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # ReDoc searches in a worker.
        "worker-src": [SELF, "blob:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
