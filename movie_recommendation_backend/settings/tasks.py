"""Tasks that outlast requests, such as emails. bin/worker runs them; without it, they run at once.

In production they always wait for a worker. Sending an email within the request would delay the
response, and so reveal which accounts exist.
"""

IN_WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

TASKS = IN_WORKER
