"""Tasks that outlast requests, such as emails: done by bin/worker, or at once where none runs.

In production they always wait for a worker. Sent within the request, an email would delay it, and
so reveal which accounts exist.
"""

IN_WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

TASKS = IN_WORKER
