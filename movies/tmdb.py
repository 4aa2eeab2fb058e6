"""TMDb's own numbers, which several modules need, and where its images are."""

from django.conf import settings

PAGE_SIZE = 20
LAST_PAGE = 500  # TMDb refuses pages beyond this one, whatever its totals say.
# Charts and lists by rating leave out movies with fewer votes: one vote of 10 would lead them.
MIN_VOTES = 200
LARGEST_ID = 2**31 - 1
IMDB_ID = "tt[0-9]{7,9}"

# The widths of images in pixels, by what they show.
POSTER, BACKDROP, PROFILE, LOGO = "w500", "w1280", "w185", "w92"
THUMBNAIL = "w92"


def image_url(path: str | None, size: str) -> str | None:
    """Return the URL of an image by its path at TMDb."""
    return f"{settings.TMDB_IMAGE_BASE_URL}/{size}{path}" if path else None
