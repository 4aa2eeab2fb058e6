from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from movie_recommendation_backend.smoke import accounts, public
from movie_recommendation_backend.smoke.site import Check, Failed, Site


class Command(BaseCommand):
    help = (
        "Checks a deployed site over HTTP and prints one line per check. Exits with 1 if any check"
        " fails. Creates an account, uses it and deletes it, unless --read-only is passed."
    )
    # The command checks another site. This machine may have no database.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base-url", required=True, help="such as https://films.example")
        parser.add_argument("--read-only", action="store_true", help="do not create an account")

    def handle(self, *, base_url: str, read_only: bool, **options: Any) -> None:
        site = Site(base_url)
        checks = list(public.checks(site))
        failed = self.run(site, checks)
        if not read_only:
            account_checks = list(accounts.checks())
            failed += self.run(site, account_checks)
            checks += account_checks
        if failed:
            raise CommandError(f"{failed} of {len(checks)} checks failed.")
        self.stdout.write(f"All {len(checks)} checks passed.")

    def run(self, site: Site, checks: list[Check]) -> int:
        """Run the checks and print a line for each. Return how many failed."""
        failed = 0
        for name, check in checks:
            try:
                check(site)
            except Failed as reason:
                failed += 1
                self.stdout.write(self.style.ERROR(f"✗ {name}: {reason}"))
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                failed += 1
                surprise = f"unexpected response ({type(error).__name__})"
                self.stdout.write(self.style.ERROR(f"✗ {name}: {surprise}"))
            else:
                self.stdout.write(f"✓ {name}")
        return failed
