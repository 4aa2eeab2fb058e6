"""Serve the demo catalogue over HTTP in place of TMDb, with faults on demand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from movies.demo.data import catalogue
from movies.demo.standin import StandIn


class Command(BaseCommand):
    help = (
        "Serve the demo catalogue over HTTP, with TMDb's paths and JSON. To use it, set"
        " TMDB_BASE_URL to its address and TMDB_API_KEY to any 32 hex digits. POST /standin/faults"
        " adds faults; see movies/demo/standin.py."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8001, help="default: 8001; 0 takes a free port"
        )

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        try:
            server = StandIn(port)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "a port is a number from 0 to 65535"
            raise CommandError(f"Cannot listen on port {port}: {reason}.") from None
        with server:
            movies = len(catalogue().movies)
            self.stdout.write(f"Serving {movies} movies at {server.url} (press Ctrl-C to stop)")
            self.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("")
