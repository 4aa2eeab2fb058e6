from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LONGEST_TASK = timedelta(minutes=10)


class Command(BaseCommand):
    help = (
        "Put tasks back into the queue that a killed worker left running. bin/worker does this when"
        f" it starts. A task that runs for more than {LONGEST_TASK.seconds // 60} minutes counts as"
        " lost."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lost = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LONGEST_TASK)
        count = lost.update(status=TaskResultStatus.READY, started_at=None)
        if count:
            self.stdout.write(f"{count} lost tasks put back into the queue.")
