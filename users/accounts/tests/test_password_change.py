import pytest

from users.tests.frontend import PASSWORD, Frontend, errors

NEW = "another horse 9"


def change(page, **body):
    return page.post(
        "auth/password/change/", {"old_password": PASSWORD, "new_password": NEW} | body
    )


def test_it_returns_new_tokens_and_changes_the_password(ada):
    ada.take(change(ada))
    assert ada.get("users/profile/").status_code == 200
    assert ada.post("auth/refresh/", {"refresh": ada.refresh}).status_code == 200
    ada.login(password=NEW)
    response = ada.post("auth/login/", {"username": "ada", "password": PASSWORD})
    assert response.status_code == 401


@pytest.mark.parametrize(
    "body, complaint",
    [
        ({"old_password": "wrong"}, ("wrong_password", "old_password")),
        ({"new_password": "short9!"}, ("password_too_short", "new_password")),
        ({"new_password": "ada@films"}, ("password_too_similar", "new_password")),
        ({"new_password": "x" * 129}, ("max_length", "new_password")),
        ({"new_password": None}, ("null", "new_password")),
    ],
)
def test_it_rejects_and_changes_nothing(ada, body, complaint):
    response = change(ada, **body)
    assert response.status_code == 400
    assert complaint in errors(response)
    assert ada.get("users/profile/").status_code == 200
    ada.login()


def test_it_requires_a_login(visitor):
    assert change(visitor).status_code == 401


def test_a_wrong_old_password_reveals_nothing_about_the_new_one(ada):
    response = change(ada, old_password="wrong", new_password="ada")
    assert errors(response) == {("wrong_password", "old_password")}


def test_the_old_tokens_cannot_change_it_again(ada):
    old = Frontend()
    old.access = ada.access
    ada.take(change(ada))
    assert change(old, old_password=NEW).status_code == 401
