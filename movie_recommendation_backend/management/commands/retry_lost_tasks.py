"""Requeue the tasks of killed workers, which django-tasks would leave "running" forever."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

MAX_DURATION = timedelta(minutes=10)


class Command(BaseCommand):
    help = (
        "Put tasks that a killed worker left running back into the queue. bin/clock does this every"
        f" ten minutes. A task counts as lost after {MAX_DURATION.seconds // 60} minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lost = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - MAX_DURATION)
        count = lost.update(status=TaskResultStatus.READY, started_at=None)
        if count:
            self.stdout.write(f"{count} lost tasks put back into the queue.")
