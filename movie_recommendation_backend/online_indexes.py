"""A migration operation that adds an index while the site writes to the table."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexOnline(AddIndexConcurrently):
    """AddIndexConcurrently on PostgreSQL, AddIndex elsewhere. The migration is not atomic.

    If it fails, PostgreSQL keeps an invalid index, which must be dropped before the next attempt.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, *states: ProjectState) -> None:
        operation = AddIndexConcurrently if is_postgresql(schema_editor) else AddIndex
        operation.database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: ProjectState) -> None:
        operation = AddIndexConcurrently if is_postgresql(schema_editor) else AddIndex
        operation.database_backwards(self, app_label, schema_editor, *states)


def is_postgresql(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
