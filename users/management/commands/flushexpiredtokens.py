from django.core.management.base import BaseCommand
from django.utils import timezone

from users.models import BlacklistedToken


class Command(BaseCommand):
    help = "Deletes the notes on ended refresh tokens that have expired by now. Made for cron."

    def handle(self, **options):
        expired = BlacklistedToken.objects.filter(expires_at__lte=timezone.now())
        deleted, _ = expired.delete()
        self.stdout.write(f"{deleted} expired tokens deleted.")
