"""AddIndexOnline can be repeated after a failure."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from movie_recommendation_backend.online_indexes import AddIndexOnline

NAME = "movie_by_test"


@pytest.fixture
def add(transactional_db):
    """Return a function that adds an index to the movies."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL builds indexes concurrently")
    operation = AddIndexOnline("movie", models.Index("runtime", name=NAME))
    old = ProjectState.from_apps(apps)
    new = old.clone()
    operation.state_forwards("movies", new)

    def run() -> None:
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("movies", editor, old, new)

    yield run
    execute(f"DROP INDEX IF EXISTS {NAME}")


def execute(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def is_valid() -> bool:
    [[valid]] = execute(f"SELECT indisvalid FROM pg_index WHERE indexrelid = '{NAME}'::regclass")
    return valid


def test_an_index_that_exists_is_kept(add):
    add()
    [[before]] = execute(f"SELECT '{NAME}'::regclass::oid")
    add()
    assert execute(f"SELECT '{NAME}'::regclass::oid") == [(before,)]


def test_an_invalid_index_is_built_again(add):
    add()
    execute(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{NAME}'::regclass")
    assert not is_valid()
    add()
    assert is_valid()
