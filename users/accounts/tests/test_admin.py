import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from users.models import User
from users.tests.frontend import PASSWORD, Frontend


@pytest.fixture
def admin(ada):
    client = Client()
    client.force_login(User.objects.create_superuser("root", "", PASSWORD))
    return client


def url(user: User) -> str:
    return f"/admin/users/user/{user.pk}/change/"


def form_of(admin: Client, user: User, **changes) -> dict:
    """Return the data of the change form as a browser would send it, with `changes`."""
    fields = admin.get(url(user)).context["adminform"].form
    values = {name: fields[name].value() for name in fields.fields if name != "password"}
    form = {name: value for name, value in values.items() if value not in (None, False)}
    for name in ("last_login", "date_joined"):
        if moment := form.pop(name, None):
            form |= {f"{name}_0": moment.strftime("%Y-%m-%d"), f"{name}_1": moment.strftime("%T")}
    return {k: v for k, v in (form | changes).items() if v is not None}


@pytest.mark.parametrize("query", ["ada", " ADA", "ad", "Ada@Films.Example", "{id}"])
def test_users_are_found_by_name_address_and_id(admin, query):
    query = query.format(id=User.objects.get(username="ada").pk)
    with CaptureQueriesContext(connection) as captured:
        page = admin.get("/admin/users/user/", {"q": query}).content.decode()
    assert "ada@films.example" in page
    assert ">root<" not in page.split("</nav>")[-1]
    # No condition that only a scan of all users could answer.
    assert not any(re.search(r"UPPER|LIKE '%|CAST", each["sql"]) for each in captured)


@pytest.mark.parametrize("query", ["da", "@films.example", "0", "9" * 30, "%", "nobody"])
def test_nothing_else_is_found(admin, query):
    assert not admin.get("/admin/users/user/", {"q": query}).context["cl"].result_list


def test_a_deactivation_ends_all_sessions(admin, ada):
    user = User.objects.get(username="ada")
    response = admin.post(url(user), form_of(admin, user, is_active=None))
    assert response.status_code == 302
    assert ada.get("users/profile/").status_code == 401
    admin.post(url(user), form_of(admin, user, is_active="on"))
    assert ada.get("users/profile/").status_code == 401
    ada.login()


def test_other_changes_in_the_admin_end_no_session(admin, ada):
    user = User.objects.get(username="ada")
    form = form_of(admin, user, first_name="Ada", favorite_genres="", region="!!")
    assert admin.post(url(user), form).status_code == 302
    profile = ada.get("users/profile/").json()
    assert profile["first_name"] == "Ada"
    # Preferences are read-only in the admin.
    assert (profile["favorite_genres"], profile["region"]) == ([], None)


def test_a_new_password_ends_all_sessions(admin, ada):
    user = User.objects.get(username="ada")
    form = {
        "usable_password": "true",
        "password1": "another horse 9",
        "password2": "another horse 9",
    }
    path = f"/admin/users/user/{user.pk}/password/"
    assert admin.post(path, form).status_code == 302
    assert ada.get("users/profile/").status_code == 401
    ada.login(password="another horse 9")


def test_a_user_is_added(admin):
    form = {
        "username": "grace",
        "email": "grace@films.example",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert admin.post("/admin/users/user/add/", form).status_code == 302
    Frontend().login("grace")
    again = admin.post("/admin/users/user/add/", form | {"username": "GRACE"})
    assert again.status_code == 200
    assert User.objects.filter(username__iexact="grace").count() == 1


def test_a_user_is_deleted_with_all_rows(admin, ada):
    ada.take(ada.post("auth/refresh/", {"refresh": ada.refresh}))
    user = User.objects.get(username="ada")
    path = f"/admin/users/user/{user.pk}/delete/"
    assert admin.post(path, {"post": "yes"}).status_code == 302
    assert ada.post("auth/refresh/", {"refresh": ada.refresh}).status_code == 401


def test_the_admin_accepts_an_e_mail_address_as_login(ada):
    User.objects.update(is_staff=True)
    client = Client()
    form = {"username": "ADA@films.example", "password": PASSWORD}
    assert client.post("/admin/login/?next=/admin/", form).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_first_administrator_is_created_without_prompts(db, monkeypatch):
    for name, value in {
        "USERNAME": "root",
        "EMAIL": "root@films.example",
        "PASSWORD": PASSWORD,
    }.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)
    call_command("createsuperuser", "--noinput", verbosity=0)
    assert User.objects.get().is_superuser
    Frontend().login("root")


def test_a_password_changed_on_the_command_line_ends_all_sessions(ada, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "another horse 9")
    call_command("changepassword", "ada")
    assert ada.get("users/profile/").status_code == 401


def test_logout_everywhere_ends_the_admins_session_too(ada):
    User.objects.update(is_staff=True)
    browser = Client()
    browser.post("/admin/login/?next=/admin/", {"username": "ada", "password": PASSWORD})
    assert browser.get("/admin/").status_code == 200
    ada.post("auth/logout/", {"everywhere": True})
    assert browser.get("/admin/").status_code == 302
