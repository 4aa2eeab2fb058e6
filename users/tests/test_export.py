import json

from users.models import BlacklistedToken, User


def test_it_holds_all_that_is_stored(ada):
    ada.take(ada.post("auth/refresh/", {"refresh": ada.refresh}))
    ada.patch("users/profile/", {"language": "de", "favorite_genres": [28]})
    response = ada.get("users/export/")
    assert response["Content-Disposition"] == 'attachment; filename="export.json"'
    exported = json.loads(b"".join(response.streaming_content))["user"]
    assert exported.items() >= ada.get("users/profile/").json().items()

    columns = {field.name for field in User._meta.concrete_fields}
    # The hash is no information about a person, but a means to guess his password.
    assert columns - {"password"} <= exported.keys()
    [token] = exported["blacklisted_tokens"]
    columns = {field.name for field in BlacklistedToken._meta.concrete_fields}
    assert columns - {"id", "user"} == token.keys()


def test_it_holds_no_secret(ada):
    text = b"".join(ada.get("users/export/").streaming_content).decode()
    assert User.objects.get().password not in text
    assert ada.access not in text
    assert ada.refresh not in text
