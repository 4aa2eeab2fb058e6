"""Drop documents of the catalogue from the shared cache."""

from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError

from movies.cache.groups import GROUPS
from movies.cache.operations import clear, clear_movie
from movies.models import Movie

from ._shared_cache import require_shared_cache


def known_ids(movie_id: int) -> list[int | str]:
    """Return the film's TMDb id, and its IMDb id if we know it: redirects are kept by that."""
    imdb_ids = Movie.objects.filter(id=movie_id).values_list("imdb_id", flat=True)
    return [movie_id, *filter(None, imdb_ids)]


class Command(BaseCommand):
    help = (
        "Drop documents of the catalogue, for every worker at once. Nothing else that lives in"
        " the same Redis is touched: neither limits nor the request budget nor other programs'"
        " keys."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--group", choices=GROUPS)
        what.add_argument("--movie", type=int, metavar="ID", help="all about one film")
        what.add_argument("--all", action="store_true")

    def handle(self, *args, group, movie, **options):
        require_shared_cache()
        try:
            cleared = clear(group) if movie is None else clear_movie(*known_ids(movie))
        except RedisError as error:
            raise CommandError(f"Redis does not answer ({type(error).__name__}).") from None
        self.stdout.write(f"{cleared} documents cleared.")
