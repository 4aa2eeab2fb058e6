"""Content-Security-Policy of pages: only scripts of this site, and no inline scripts."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE

from .tmdb import TMDB_IMAGE_BASE_URL

_images = urlsplit(TMDB_IMAGE_BASE_URL)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # The scripts of Swagger UI and ReDoc set inline styles.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", f"{_images.scheme}://{_images.netloc}"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # ReDoc runs its search in a worker.
        "worker-src": [SELF, "blob:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
