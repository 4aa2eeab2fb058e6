"""Say what the shared cache holds and how well it serves."""

import json

from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError

from movies.cache.operations import statistics

from ._shared_cache import require_shared_cache

COLUMNS = ["hits", "stale", "misses", "entries", "bytes"]


class Command(BaseCommand):
    help = (
        "Print, for each group of documents, how often it was answered from the cache (fresh or"
        " stale) and not, how many documents there are and their bytes; then Redis' memory."
        " Counts lag a few seconds."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        require_shared_cache()
        try:
            stats = statistics()
        except RedisError as error:
            raise CommandError(f"Redis does not answer ({type(error).__name__}).") from None
        if options["json"]:
            self.stdout.write(json.dumps(stats))
            return
        self.stdout.write(f"{'group':<16}" + "".join(f"{name:>12}" for name in COLUMNS))
        for group, row in stats["groups"].items():
            self.stdout.write(f"{group:<16}" + "".join(f"{row[name]:>12,}" for name in COLUMNS))
        redis = stats["redis"]
        limit = f"{redis['limit_bytes']:,}" if redis["limit_bytes"] else "none"
        self.stdout.write(
            f"Redis: {redis['used_bytes']:,} bytes used, limit {limit},"
            f" {redis['evicted_keys']:,} keys evicted."
        )
