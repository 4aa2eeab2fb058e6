from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from users.models import BlacklistedToken


class Command(BaseCommand):
    help = "Deletes revoked refresh tokens that have expired. Run it daily."

    def handle(self, **options: Any) -> None:
        expired = BlacklistedToken.objects.filter(expires_at__lte=timezone.now())
        deleted, _ = expired.delete()
        self.stdout.write(f"{deleted} expired tokens deleted.")
