"""Delete documents of the catalogue from the shared cache."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from redis.exceptions import RedisError

from movies.cache.groups import GROUPS
from movies.cache.operations import clear, clear_movie
from movies.models import Movie

from ._shared_cache import require_shared_cache


def known_ids(movie_id: int) -> list[int | str]:
    """Return the movie's TMDb id and, if known, its IMDb id, which keys a cached redirect."""
    imdb_ids = Movie.objects.filter(id=movie_id).values_list("imdb_id", flat=True)
    return [movie_id, *filter(None, imdb_ids)]


class Command(BaseCommand):
    help = (
        "Delete documents of the catalogue from the shared cache, for all workers. Nothing else in"
        " the same Redis is touched: throttles, the request budget and the keys of other programs"
        " are kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--group", choices=GROUPS, help="the documents of a group")
        what.add_argument("--movie", type=int, metavar="ID", help="all documents of a movie")
        what.add_argument("--all", action="store_true", help="all documents")

    def handle(self, *args: Any, group: str | None, movie: int | None, **options: Any) -> None:
        require_shared_cache()
        try:
            cleared = clear(group) if movie is None else clear_movie(*known_ids(movie))
        except RedisError as error:
            raise CommandError(f"Redis does not answer ({type(error).__name__}).") from None
        self.stdout.write(f"Documents deleted: {cleared}.")
