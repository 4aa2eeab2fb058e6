"""A migration operation that adds an index while the site writes to the table."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexOnline(AddIndexConcurrently):
    """AddIndexConcurrently on PostgreSQL, AddIndex elsewhere. The migration is not atomic.

    It can be repeated after a failure: indexes that exist are kept, unless a failure has left them
    behind as invalid.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, *states: ProjectState) -> None:
        if not is_postgresql(schema_editor):
            AddIndex.database_forwards(self, app_label, schema_editor, *states)
            return
        valid = is_valid(schema_editor, self.index.name)
        if valid is False:
            schema_editor.execute(f'DROP INDEX CONCURRENTLY "{self.index.name}"')
        if not valid:
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: ProjectState) -> None:
        operation = AddIndexConcurrently if is_postgresql(schema_editor) else AddIndex
        operation.database_backwards(self, app_label, schema_editor, *states)


def is_postgresql(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")


def is_valid(schema_editor: Any, index: str) -> bool | None:
    """Return whether an index is valid; None if it does not exist."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [f'"{index}"']
        )
        row = cursor.fetchone()
    return row and row[0]
