"""CORS: every origin may call the catalogue, configured origins may call everything."""

from . import env

# These paths are public and stored by shared caches. PolicyHeadersMiddleware gives them
# `Access-Control-Allow-Origin: *`, which does not vary by origin.
CATALOGUE_PATHS = r"/api/(movies|recommendations/starter)(/|$)"

CORS_URLS_REGEX = rf"^(?!{CATALOGUE_PATHS})"
CORS_ALLOWED_ORIGINS = env.read("CORS_ALLOWED_ORIGINS", [], env.origins)
CORS_ALLOW_HEADERS = ["authorization", "content-type", "if-none-match", "x-request-id"]
CORS_EXPOSE_HEADERS = ["ETag", "Cache-Status", "Retry-After", "X-Request-ID"]
