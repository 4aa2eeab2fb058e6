import json

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from users import export
from users.lists.kinds import LISTS
from users.models import BlacklistedToken, User

from .concurrency import at_once
from .frontend import Frontend, errors

NOW = timezone.now()

# The path in the document of each relation to the user.
RELATED = {
    "blacklistedtoken": ("user", "blacklisted_tokens"),
    "logentry": ("user", "log_entries"),
    "groups": ("user", "groups"),
    "user_permissions": ("user", "user_permissions"),
} | {kind.model._meta.model_name: (name,) for name, kind in LISTS.items()}


def exported(page) -> dict:
    response = page.get("users/export/")
    assert response["Content-Disposition"] == 'attachment; filename="export.json"'
    return json.loads(b"".join(response.streaming_content))


def test_it_contains_all_columns_of_the_user(ada):
    ada.patch("users/profile/", {"language": "de", "favorite_genres": [28]})
    user = exported(ada)["user"]
    assert user.items() >= ada.get("users/profile/").json().items()
    columns = {field.name for field in User._meta.concrete_fields}
    # The hash is not personal data, and would allow guessing the password.
    assert columns - {"password"} <= user.keys()


def test_it_contains_every_row_that_references_the_user(ada):
    user = User.objects.get()
    ada.take(ada.post("auth/refresh/", {"refresh": ada.refresh}))
    # Adding to `watched` last would remove the movie from the watchlist.
    for name in reversed(LISTS):
        ada.post(f"users/{name}/", {"movie_id": 603, "rating": 8})
    user.groups.add(Group.objects.create(name="editors"))
    user.user_permissions.add(Permission.objects.get(codename="change_user"))
    LogEntry.objects.log_actions(user.pk, [user], ADDITION, "made", single_object=True)

    names = {relation.related_model._meta.model_name for relation in User._meta.related_objects}
    names |= {field.name for field in User._meta.many_to_many}
    assert names == RELATED.keys()
    document = exported(ada)
    for path in RELATED.values():
        part = document
        for key in path:
            part = part[key]
        assert len(part) == 1, path

    [token] = document["user"]["blacklisted_tokens"]
    columns = {field.name for field in BlacklistedToken._meta.concrete_fields}
    assert columns - {"id", "user"} == token.keys()
    [line] = document["user"]["log_entries"]
    columns = {field.name for field in LogEntry._meta.concrete_fields}
    assert columns - {"id", "user"} == line.keys()
    assert document["user"]["groups"] == ["editors"]
    assert document["user"]["user_permissions"] == ["change_user"]


def test_it_contains_no_secrets(ada):
    text = json.dumps(exported(ada))
    assert User.objects.get().password not in text
    assert ada.access not in text
    assert ada.refresh not in text


def test_it_takes_a_constant_number_of_queries(ada):
    counted = set()
    for turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            exported(ada)
        counted.add(len(captured))
        user = User.objects.get()
        for number in range(20):
            LogEntry.objects.log_actions(user.pk, [user], ADDITION, "made", single_object=True)
            BlacklistedToken.objects.create(
                jti=f"{turn} {number}",
                user=user,
                reason="rotated",
                blacklisted_at=NOW,
                expires_at=NOW,
            )
    assert len(counted) == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_a_snapshot(monkeypatch):
    ada = Frontend()
    ada.register()
    ada.post("users/watchlist/", {"movie_id": 603})
    if connection.vendor == "sqlite":
        # SQLite's transactions exclude other writers anyway.
        assert len(exported(ada)["watchlist"]) == 1
        return
    chunks = export.chunks

    def interrupted(user):
        """Move the movie to another list, on another connection, during the export."""
        for number, chunk in enumerate(chunks(user)):
            if number == 1:
                assert at_once(lambda: ada.post("users/watched/", {"movie_id": 603})) == [201]
            yield chunk

    monkeypatch.setattr(export, "chunks", interrupted)
    document = exported(ada)
    assert (len(document["watchlist"]), len(document["watched"])) == (1, 0)
    assert document["user"]["counts"] == {name: len(document[name]) for name in LISTS}


@pytest.mark.django_db(transaction=True)
def test_slow_clients_keep_no_transaction_open():
    Frontend().register()
    with export.export_file(User.objects.get()) as file:
        assert not connection.in_atomic_block
        assert json.load(file)["user"]["username"] == "ada"


def test_a_user_who_has_just_been_deleted_gets_a_401(ada, monkeypatch):
    export_file = export.export_file

    def late(user):
        User.objects.all().delete()
        return export_file(user)

    monkeypatch.setattr(export, "export_file", late)
    assert errors(ada.get("users/export/")) == {("token_not_valid", None)}
