import pytest

from users.models import User
from users.tests.frontend import PASSWORD, Frontend, errors


def change(page, **body):
    return page.patch("users/profile/", body)


def test_preferences_are_normalized(ada):
    response = change(
        ada, first_name=" Ada ", language="PT-br", region="br", favorite_genres=[878, 28, 878]
    )
    assert response.status_code == 200
    profile = ada.get("users/profile/").json()
    assert profile == response.json()
    assert profile["first_name"] == "Ada"
    assert (profile["language"], profile["region"]) == ("pt-BR", "BR")
    assert profile["favorite_genres"] == [878, 28]


def test_unknown_values_are_null(ada):
    change(ada, first_name="Ada", last_name="Lovelace", language="de", region="DE")
    profile = change(ada, first_name=None, last_name="", language=None, region=None).json()
    for name in ("first_name", "last_name", "language", "region"):
        assert profile[name] is None


@pytest.mark.parametrize(
    "body, complaint",
    [
        ({"language": "english"}, ("invalid_language", "language")),
        ({"language": ""}, ("blank", "language")),
        ({"region": "USA"}, ("invalid_region", "region")),
        ({"favorite_genres": [1]}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": ["28"]}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": [True]}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": [28.0]}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": [2**70]}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": 28}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": {"28": 1}}, ("invalid_ids", "favorite_genres")),
        ({"favorite_genres": None}, ("null", "favorite_genres")),
        ({"first_name": "a\x00"}, ("null_characters_not_allowed", "first_name")),
        ({"first_name": "a" * 151}, ("max_length", "first_name")),
        ({"username": "a b", "password": PASSWORD}, ("invalid", "username")),
        ({"username": None, "password": PASSWORD}, ("null", "username")),
        ({"email": "", "password": PASSWORD}, ("blank", "email")),
        ([], ("invalid", "non_field_errors")),
    ],
)
def test_it_rejects(ada, body, complaint):
    response = ada.patch("users/profile/", body)
    assert response.status_code == 400
    assert complaint in errors(response)


@pytest.mark.parametrize("body", [{"email": "new@films.example"}, {"username": "lovelace"}])
def test_a_new_name_or_address_requires_the_password_and_notifies_the_old_address(
    ada, mailbox, body
):
    assert errors(change(ada, **body)) == {("required", "password")}
    assert errors(change(ada, **body, password="wrong")) == {("wrong_password", "password")}
    assert User.objects.get().username == "ada"
    assert mailbox.is_empty()

    response = change(ada, **body, password=PASSWORD)
    assert response.status_code == 200
    assert response.json().items() >= body.items()
    assert mailbox.next()["To"] == "ada@films.example"
    ada.login(*body.values())


def test_unchanged_values_require_no_password(ada, mailbox):
    same = {"username": "ada", "email": "ada@FILMS.example", "first_name": "Ada"}
    assert change(ada, **same).status_code == 200
    assert mailbox.is_empty()


def test_the_case_of_a_username_can_be_changed(ada):
    assert change(ada, username="Ada", password=PASSWORD).json()["username"] == "Ada"


def test_taken_values_are_rejected_and_nothing_changes(ada):
    Frontend().register("grace")
    response = change(
        ada, username="GRACE", email="Grace@films.example", first_name="Ada", password=PASSWORD
    )
    assert errors(response) == {("unique", "username"), ("unique", "email")}
    assert ada.get("users/profile/").json()["first_name"] is None


def test_nothing_else_can_be_changed(ada):
    before = User.objects.values().get()
    change(ada, id=99, is_staff=True, is_superuser=True, date_joined="2001-01-01", token_version=9)
    assert User.objects.values().get() == before


@pytest.mark.parametrize("path", ["users/profile/", "users/export/"])
def test_it_requires_a_login(visitor, path):
    assert errors(visitor.get(path)) == {("not_authenticated", None)}


def test_a_private_response_is_not_cached(ada):
    response = ada.get("users/profile/", headers={"origin": "https://films.example"})
    assert response["Cache-Control"] == "private, no-store"
    assert response["Access-Control-Allow-Origin"] == "https://films.example"
    assert "origin" in response["Vary"]
