import pytest
from django.contrib.auth.hashers import make_password

from users.accounts.hashers import Argon2PasswordHasher
from users.models import User
from users.tests.frontend import PASSWORD, Frontend, errors


@pytest.mark.parametrize(
    "name", ["ada", "ADA", "ａｄａ", " ada ", "ada@films.example", "ADA@Films.EXAMPLE"]
)
def test_by_name_or_address_in_any_case(ada, name):
    response = ada.login(name)
    assert response.json()["user"]["username"] == "ada"
    assert ada.get("users/profile/").status_code == 200


def test_it_updates_last_login(ada):
    assert User.objects.get().last_login is None
    ada.login()
    assert User.objects.get().last_login is not None


WRONG = {
    "wrong password": {"username": "ada", "password": "wrong"},
    "unknown name": {"username": "nobody", "password": PASSWORD},
    "unknown address": {"username": "nobody@films.example", "password": PASSWORD},
    "deactivated": {"username": "gone", "password": PASSWORD},
    "without a password": {"username": "unusable", "password": PASSWORD},
    "empty address": {"username": "@", "password": PASSWORD},
}


@pytest.fixture
def others(ada):
    User.objects.create_user("gone", "", PASSWORD, is_active=False)
    User.objects.create_user("unusable", "")
    return ada


def test_all_failures_have_the_same_response(others):
    answers = {}
    for name, login in WRONG.items():
        response = others.post("auth/login/", login)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'
        answers[name] = response.content
    assert len(set(answers.values())) == 1
    assert errors(response) == {("invalid_credentials", None)}


def test_all_failures_hash_once(others, monkeypatch):
    """Otherwise the duration would reveal which accounts exist."""
    hashed = []

    def counted(method):
        def counting(self, *args, **kwargs):
            hashed.append(method.__name__)
            return method(self, *args, **kwargs)

        return counting

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted(Argon2PasswordHasher.encode))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted(Argon2PasswordHasher.verify))
    for login in WRONG.values():
        hashed.clear()
        others.post("auth/login/", login)
        assert len(hashed) == 1


@pytest.mark.parametrize(
    "login, complaint",
    [
        (
            {"username": "a\x00da", "password": PASSWORD},
            ("null_characters_not_allowed", "username"),
        ),
        ({"username": "ada", "password": "a\x00"}, ("null_characters_not_allowed", "password")),
        ({"username": "ada"}, ("required", "password")),
        ({"username": {}, "password": PASSWORD}, ("invalid", "username")),
        ({"username": "ada", "password": "x" * 1_000_000}, ("max_length", "password")),
        ({"username": "a" * 255, "password": PASSWORD}, ("max_length", "username")),
        ([], ("invalid", "non_field_errors")),
    ],
)
def test_it_rejects(visitor, login, complaint):
    response = visitor.post("auth/login/", login)
    assert response.status_code == 400
    assert complaint in errors(response)


@pytest.mark.parametrize(
    "token", ["expired", "Bearer", "Bearer x", "Basic YTpi", "Bearer " + "x" * 5000]
)
def test_a_token_in_the_header_is_ignored(ada, token):
    login = {"username": "ada", "password": PASSWORD}
    response = ada.post("auth/login/", login, headers={"authorization": token})
    assert response.status_code == 200


def test_an_outdated_hash_is_replaced_without_ending_sessions(ada, settings):
    older = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, older]
    User.objects.update(password=make_password(PASSWORD, hasher="md5"))
    other = Frontend()
    other.login()
    assert User.objects.get().password.startswith("argon2$argon2id$")
    assert other.get("users/profile/").status_code == 200
    assert ada.get("users/profile/").status_code == 200
