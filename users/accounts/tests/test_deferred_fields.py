"""Saving a user with only some columns loaded does not end sessions by accident."""

import pytest

from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(ada):
    """Return a function that loads a user without their password, changes and saves them."""

    def change(*loaded: str, **changes: object) -> User:
        user = User.objects.only(*loaded).get(username="ada")
        for name, value in changes.items():
            setattr(user, name, value)
        user.save()
        return user

    return change


@pytest.mark.parametrize("loaded", [("username",), ("username", "is_active"), ("password",)])
def test_saving_a_name_ends_no_session(ada, saved, loaded):
    saved(*loaded, first_name="Ada")
    assert ada.get("users/profile/").json()["first_name"] == "Ada"


def test_reading_a_deferred_password_ends_no_session(ada):
    user = User.objects.only("username").get(username="ada")
    assert user.password and user.is_active
    user.save()
    assert ada.get("users/profile/").status_code == 200


@pytest.mark.parametrize("update_fields", [["first_name"], None])
def test_all_or_some_fields_can_be_saved(ada, update_fields):
    user = User.objects.defer("password").get(username="ada")
    user.first_name = "Ada"
    user.save(update_fields=update_fields)
    assert ada.get("users/profile/").json()["first_name"] == "Ada"


def test_a_new_password_ends_all_sessions(ada, saved):
    saved("username", password="!unusable")
    assert ada.get("users/profile/").status_code == 401
    assert User.objects.get(username="ada").password == "!unusable"


def test_deactivation_ends_all_sessions(ada, saved):
    user = saved("username", is_active=False)
    assert ada.get("users/profile/").status_code == 401
    user.is_active = True
    user.save()
    # Their revoked tokens stay invalid.
    assert ada.get("users/profile/").status_code == 401


def test_a_password_that_is_not_saved_ends_no_session(ada):
    user = User.objects.get(username="ada")
    user.password = "!unusable"
    user.save(update_fields=["first_name"])
    assert ada.get("users/profile/").status_code == 200
    # It is still new to the database.
    user.save()
    assert ada.get("users/profile/").status_code == 401


def test_a_user_made_from_their_id_can_be_loaded(ada):
    user = User(pk=User.objects.get().pk)
    user.refresh_from_db()
    assert user.username == "ada"
