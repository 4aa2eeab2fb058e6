import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from users.models import User
from users.tests.frontend import PASSWORD, Frontend, errors


def all_rows() -> list[str]:
    """Return every row of every table."""
    with connection.cursor() as cursor:
        rows = []
        # The names of migrations say nothing about a user.
        for table in set(connection.introspection.table_names()) - {"django_migrations"}:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += map(str, cursor.fetchall())
    return rows


def test_nothing_of_the_user_is_left(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    ada.take(ada.post("auth/refresh/", {"refresh": ada.refresh}))
    grace = Frontend()
    grace.register("grace")
    assert ada.post("users/profile/delete/", {"password": PASSWORD}).status_code == 204

    rows = all_rows()
    assert [row for row in rows if "grace" in row]
    assert not [row for row in rows if "ada" in row]
    assert grace.get("users/profile/").status_code == 200
    # The username is available again.
    Frontend().register("ada")


@pytest.mark.parametrize(
    "body, complaint",
    [
        ({"password": "wrong"}, ("wrong_password", "password")),
        ({}, ("required", "password")),
        ({"password": None}, ("null", "password")),
    ],
)
def test_it_requires_the_password(ada, body, complaint):
    response = ada.post("users/profile/delete/", body)
    assert response.status_code == 400
    assert errors(response) == {complaint}
    assert ada.get("users/profile/").status_code == 200


def test_the_admins_log_and_sessions_are_deleted_too(ada):
    user = User.objects.get()
    User.objects.update(is_staff=True)
    root = User.objects.create_superuser("root", "", PASSWORD)
    for each in (user, root):
        Client().force_login(each)
    # The user is a former administrator with an expired session.
    Session.objects.filter(session_data__gt="").update(expire_date=user.date_joined)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    LogEntry.objects.log_actions(root.pk, [user], CHANGE, single_object=True)
    LogEntry.objects.log_actions(user.pk, [root], CHANGE, single_object=True)

    ada.post("users/profile/delete/", {"password": PASSWORD})
    assert not LogEntry.objects.exists()
    assert [each.get_decoded()["_auth_user_id"] for each in Session.objects.all()] == [str(root.pk)]
