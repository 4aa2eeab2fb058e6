"""Import the admin modules, which register their models."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from .accounts import admin as accounts
from .lists import admin as lists

__all__ = ["accounts", "lists"]

# Waiting emails contain addresses, including those that strangers have typed.
admin.site.unregister(DBTaskResult)
