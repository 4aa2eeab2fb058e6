from django.core.management.base import BaseCommand, CommandError

from movie_recommendation_backend import smoke


class Command(BaseCommand):
    help = (
        "Asks a deployed site over HTTP whether it does what it must: a tick for each thing, exit"
        " 1 if one fails. It makes an account, uses it and deletes it again; --read-only does not."
    )
    # It looks at another site: this one's database may not even be there.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--base-url", required=True, help="such as https://films.example")
        parser.add_argument("--read-only", action="store_true", help="make no account")

    def handle(self, *, base_url: str, read_only: bool, **options):
        site = smoke.Site(base_url)
        checks = list(smoke.read_only(site))
        failed = self.run(site, checks)
        if not read_only:
            accounts = list(smoke.writing())
            failed += self.run(site, accounts)
            checks += accounts
        if failed:
            raise CommandError(f"{failed} of {len(checks)} checks failed.")
        self.stdout.write(f"All {len(checks)} checks passed.")

    def run(self, site: smoke.Site, checks: list[smoke.Check]) -> int:
        """Make checks and print a line for each; return how many failed."""
        failed = 0
        for name, check in checks:
            try:
                check(site)
            except smoke.Failed as reason:
                failed += 1
                self.stdout.write(self.style.ERROR(f"✗ {name}: {reason}"))
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                failed += 1
                surprise = f"another answer than expected ({type(error).__name__})"
                self.stdout.write(self.style.ERROR(f"✗ {name}: {surprise}"))
            else:
                self.stdout.write(f"✓ {name}")
        return failed
