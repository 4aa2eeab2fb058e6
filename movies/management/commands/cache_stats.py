"""Print what the shared cache contains and how often it is hit."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from redis.exceptions import RedisError

from movies.cache.operations import statistics

from ._shared_cache import require_shared_cache

COLUMNS = ["hits", "stale", "misses", "entries", "bytes"]


class Command(BaseCommand):
    help = (
        "Print the hits, stale answers and misses of each group of documents, and the number and"
        " size of its documents; then Redis' memory. Counts lag by a few seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
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
