"""Serve the demo catalogue over HTTP, as TMDb would, with faults on demand."""

from django.core.management.base import BaseCommand, CommandError

from movies.demo.data import catalogue
from movies.demo.standin import StandIn


class Command(BaseCommand):
    help = (
        "Serve the demo catalogue over HTTP in TMDb's dialect. Point TMDB_BASE_URL at it, with any"
        " TMDB_API_KEY of 32 hex digits. POST /standin/faults breaks it (movies/demo/standin.py)."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8001, help="8001 if not given; 0: any")

    def handle(self, *args, port: int, **options):
        try:
            server = StandIn(port)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "a port is a number up to 65535"
            raise CommandError(f"Port {port} cannot be had: {reason}.") from None
        with server:
            films = len(catalogue().films)
            self.stdout.write(f"{films} films at {server.url} (Ctrl-C stops)")
            self.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("")
