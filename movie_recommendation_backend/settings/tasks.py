"""Tasks that outlast requests, such as emails: done by bin/worker, or at once where none runs.

In production they always wait for a worker: done within the request, an email would tell by its
time which accounts exist.
"""

from . import env

IN_WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

TASKS = IN_WORKER
