"""Forged tokens. The name of each says what is wrong with it."""

import base64
import json
import time

import jwt
import pytest
from django.conf import settings
from django.test import Client

from users.models import User
from users.tests.frontend import errors

HOUR = 3600


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: dict, key: str | None = None, algorithm: str = "HS256", **headers) -> str:
    return jwt.encode(claims, key or settings.SECRET_KEY, algorithm, headers or None)


def forged(claims: dict) -> dict[str, str]:
    """Return tokens with these claims, each invalid in the way that its key says."""
    head, body, signature = signed(claims).split(".")
    without = {name: signed({k: v for k, v in claims.items() if k != name}) for name in claims}
    return {
        "unsigned, alg none": f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "unsigned, alg None": f"{encoded({'alg': 'None'})}.{body}.",
        "alg none, but signed": f"{encoded({'alg': 'none'})}.{body}.{signature}",
        "signature cut off": f"{head}.{body}.",
        "signature of another": f"{head}.{encoded(claims | {'user_id': '1'})}.{signature[::-1]}",
        "another key": signed(claims, "x" * 64),
        "HS512": signed(claims, algorithm="HS512"),
        "algorithm is a list": f"{encoded({'alg': ['HS256']})}.{body}.{signature}",
        "header of brackets": f"{encoded(b'[' * 2000)}.{body}.{signature}",
        "payload of brackets": f"{head}.{encoded(b'[' * 2000)}.{signature}",
        "header is no object": f"{encoded([])}.{body}.{signature}",
        "unknown critical header": signed(claims, crit=["x"], x=1),
        "expired": signed(claims | {"exp": int(time.time()) - 1}),
        "never valid": signed(claims | {"exp": "tomorrow"}),
        "not yet": signed(claims | {"nbf": int(time.time()) + HOUR}),
        "version of the future": signed(claims | {"token_version": 1}),
        "version is a word": signed(claims | {"token_version": "0"}),
        "version is true": signed(claims | {"token_version": True}),
        "nobody": signed(claims | {"user_id": "0"}),
        "user is a word": signed(claims | {"user_id": "ada"}),
        "user beyond the column": signed(claims | {"user_id": str(2**70)}),
        "user is a list": signed(claims | {"user_id": [1]}),
        "type sliding": signed(claims | {"token_type": "sliding"}),
        "type is a list": signed(claims | {"token_type": ["access"]}),
        "without exp": without["exp"],
        "without jti": without["jti"],
        "without type": without["token_type"],
        "without user": without["user_id"],
        "without version": without["token_version"],
        "four parts": f"{head}.{body}.{signature}.{signature}",
        "one part": head,
        "not base64": "é.é.é",
        "words": "null",
        "a blank inside": f"{head}. {body}.{signature}",
    }


NAMES = list(
    forged({"token_type": "access", "exp": 1, "jti": "x", "user_id": "1", "token_version": 0})
)


def claims_of(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def assert_refused(response) -> None:
    assert response.status_code == 401
    assert errors(response) == {("token_not_valid", None)}
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_access_token_is_refused(ada, name):
    token = forged(claims_of(ada.access))[name]
    assert_refused(ada.post("auth/verify/", {"token": token}))
    bearer = f"Bearer {token}".encode().decode("latin-1")
    assert_refused(ada.get("users/profile/", headers={"authorization": bearer}))


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_refresh_token_is_refused(ada, name):
    token = forged(claims_of(ada.refresh))[name]
    for path, field in (("verify", "token"), ("refresh", "refresh"), ("logout", "refresh")):
        assert_refused(ada.post(f"auth/{path}/", {field: token}))


def test_the_tokens_before_forgery_are_valid(ada):
    assert ada.post("auth/verify/", {"token": signed(claims_of(ada.access))}).status_code == 200
    assert ada.post("auth/verify/", {"token": signed(claims_of(ada.refresh))}).status_code == 200


def test_access_and_refresh_tokens_are_not_interchangeable(ada):
    assert_refused(ada.post("auth/refresh/", {"refresh": ada.access}))
    assert_refused(ada.post("auth/logout/", {"refresh": ada.access}))
    bearer = {"authorization": f"Bearer {ada.refresh}"}
    assert_refused(ada.get("users/profile/", headers=bearer))


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_is_read_in_any_case(ada, scheme):
    header = {"authorization": f"{scheme} {ada.access}"}
    assert ada.get("users/profile/", headers=header).status_code == 200


@pytest.mark.parametrize("header", ["", "Basic YWRhOmNvcnJlY3QgaG9yc2UgOQ==", "Token x", "JWT x"])
def test_other_schemes_do_not_authenticate(ada, header):
    response = ada.get("users/profile/", headers={"authorization": header})
    assert response.status_code == 401
    assert errors(response) == {("not_authenticated", None)}


def test_a_session_cookie_does_not_authenticate(ada):
    admin = Client()
    admin.force_login(User.objects.create_superuser("root", "", "x"))
    assert admin.get("/admin/").status_code == 200
    assert admin.get("/api/users/profile/").status_code == 401
    assert admin.get("/api/users/export/").status_code == 401


@pytest.mark.parametrize(
    "body",
    ["[" * 20_000, '{"refresh":' * 20_000, '{"refresh": ' + "9" * 5000 + "}", "{", "", "\ufeff{}"],
    ids=["brackets", "objects", "a number of 5,000 digits", "half", "nothing", "a mark"],
)
def test_a_hostile_body_is_a_400(visitor, body):
    response = visitor.client.post(
        "/api/auth/refresh/", body.encode(), content_type="application/json"
    )
    assert response.status_code == 400


def test_a_body_beyond_the_limit_is_a_400(visitor):
    body = b'{"refresh": "' + b"x" * 3_000_000 + b'"}'
    response = visitor.client.post("/api/auth/refresh/", body, content_type="application/json")
    assert response.status_code == 400
    assert errors(response) == {("bad_request", None)}
