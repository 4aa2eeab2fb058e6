import pytest

from users.models import User
from users.tests.frontend import PASSWORD, errors

GOOD = {"username": "grace", "email": "grace@films.example", "password": PASSWORD}


def test_it_returns_a_session_and_the_profile(visitor):
    response = visitor.take(visitor.post("auth/register/", GOOD))
    assert response.status_code == 201
    profile = visitor.get("users/profile/").json()
    assert response.json()["user"] == profile
    assert profile.pop("date_joined").endswith("Z")
    assert profile == {
        "username": "grace",
        "email": "grace@films.example",
        "first_name": None,
        "last_name": None,
        "language": None,
        "region": None,
        "favorite_genres": [],
        "counts": {"favorites": 0, "watchlist": 0, "watched": 0, "ratings": 0, "hidden": 0},
    }


def test_the_password_is_stored_hashed(visitor):
    visitor.post("auth/register/", GOOD)
    stored = User.objects.get().password
    assert PASSWORD not in stored
    assert stored.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    "changes, complaint",
    [
        ({"username": "ADA"}, ("unique", "username")),
        ({"username": "ａｄａ"}, ("unique", "username")),
        ({"email": "Ada@Films.Example"}, ("unique", "email")),
        ({"email": "ADA@films.example"}, ("unique", "email")),
        ({"username": "ab"}, ("min_length", "username")),
        ({"username": "a" * 31}, ("max_length", "username")),
        ({"username": "ada@films.example"}, ("invalid", "username")),
        ({"username": "grace\u202e"}, ("invalid", "username")),
        ({"username": "grace🎬"}, ("invalid", "username")),
        ({"username": "gra\u200bce"}, ("invalid", "username")),
        ({"username": "gra ce"}, ("invalid", "username")),
        ({"username": "grace\u0322"}, ("invalid", "username")),
        ({"username": "gra\u0334ce"}, ("invalid", "username")),
        ({"username": "grace\u0489"}, ("invalid", "username")),
        ({"username": "grace\u034f"}, ("invalid", "username")),
        ({"username": "grace\ufe0f"}, ("invalid", "username")),
        ({"username": "grace\U000e0100"}, ("invalid", "username")),
        ({"username": "grace\u180b"}, ("invalid", "username")),
        ({"username": "\u1780\u17b4\u1780\u1780"}, ("invalid", "username")),
        ({"username": "grace\u3164"}, ("invalid", "username")),
        ({"username": "\u3164\u3164\u3164"}, ("invalid", "username")),
        ({"username": "grace\u0e49"}, ("invalid", "username")),
        ({"username": "\u0e01\u0e49\u0e49\u0e49\u0e49"}, ("invalid", "username")),
        ({"username": "\u093f\u093f\u093f"}, ("invalid", "username")),
        ({"username": "gra\x00ce"}, ("null_characters_not_allowed", "username")),
        ({"username": "\ud800grace"}, ("surrogate_characters_not_allowed", "username")),
        ({"username": ["grace"]}, ("invalid", "username")),
        ({"email": "grace"}, ("invalid", "email")),
        ({"email": "g@" + "x" * 250 + ".com"}, ("max_length", "email")),
        ({"email": ""}, ("blank", "email")),
        ({"password": "short9!"}, ("password_too_short", "password")),
        ({"password": "password"}, ("password_too_common", "password")),
        ({"password": "9238475623"}, ("password_entirely_numeric", "password")),
        ({"password": "grace2024"}, ("password_too_similar", "password")),
        ({"password": "x" * 129}, ("max_length", "password")),
        ({"password": "x" * 1_000_000}, ("max_length", "password")),
        ({"password": "correct\x00horse"}, ("null_characters_not_allowed", "password")),
        ({"password": None}, ("null", "password")),
    ],
)
def test_it_rejects(ada, changes, complaint):
    response = ada.post("auth/register/", GOOD | changes)
    assert response.status_code == 400
    assert complaint in errors(response)
    assert User.objects.count() == 1


def test_all_errors_are_reported_together(ada):
    bad = {"username": "Ada", "email": "ada@films.example", "password": "ada"}
    assert {attr for _, attr in errors(ada.post("auth/register/", bad))} == {
        "username",
        "email",
        "password",
    }


def test_names_are_normalized_to_nfkc(visitor):
    response = visitor.post("auth/register/", GOOD | {"username": "Ｇｒａｃｅ"})
    assert response.json()["user"]["username"] == "Grace"


def test_a_password_keeps_its_spaces(visitor):
    visitor.post("auth/register/", GOOD | {"password": f"  {PASSWORD} "})
    login = {"username": "grace", "password": PASSWORD}
    assert visitor.post("auth/login/", login).status_code == 401
    login["password"] = f"  {PASSWORD} "
    assert visitor.post("auth/login/", login).status_code == 200


def test_other_fields_are_ignored(visitor):
    more = {
        "id": 99,
        "is_staff": True,
        "is_superuser": True,
        "is_active": False,
        "date_joined": "2001-01-01T00:00:00Z",
        "token_version": 7,
        "first_name": "Grace",
    }
    visitor.post("auth/register/", GOOD | more)
    user = User.objects.get()
    assert user.pk != 99
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert user.date_joined.year > 2001
    assert (user.token_version, user.first_name) == (0, "")


@pytest.mark.parametrize(
    "name", ["हिन्दी", "ไทยแลนด์", "தமிழ்", "Ада_1", "山田太郎", "مُحَمَّد", "Zoë.b-9"]
)
def test_names_may_be_in_any_script(visitor, name):
    body = GOOD | {"username": name}
    response = visitor.post("auth/register/", body)
    assert response.status_code == 201, response.content
    visitor.login(response.json()["user"]["username"])
