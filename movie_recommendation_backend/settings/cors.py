"""Cross-origin calls: the catalogue is open to every page, the rest to configured origins."""

from . import env

# Public, the same for everybody, and cached by shared caches: middleware.PolicyHeadersMiddleware
# gives these paths an `Access-Control-Allow-Origin: *` that does not vary by origin.
CATALOGUE_PATHS = r"/api/(movies|recommendations/starter)(/|$)"

CORS_URLS_REGEX = rf"^(?!{CATALOGUE_PATHS})"
CORS_ALLOWED_ORIGINS = env.read("CORS_ALLOWED_ORIGINS", [], env.origins)
CORS_ALLOW_HEADERS = ["authorization", "content-type", "if-none-match", "x-request-id"]
CORS_EXPOSE_HEADERS = ["ETag", "Cache-Status", "Retry-After", "X-Request-ID"]
