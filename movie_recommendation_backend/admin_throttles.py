"""Throttle the admin's login and password change like the API's."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from users.accounts.authentication import account_of, count_wrong_password, refuse_if_locked
from users.models import User

from .http.throttling import client_address, throttle


def login(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    if request.method == "POST":
        throttle("admin-login", client_address(request))
    return admin.site.login(request, **kwargs)


def password_change(request: HttpRequest) -> HttpResponse:
    """Change the password. The view is wrapped in `admin_view`, so the user is logged in."""
    account = account_of(cast(User, request.user))
    if request.method == "POST":
        refuse_if_locked(account)
    response = admin.site.password_change(request)
    # After a successful change, the response is a redirect without a form.
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form and "old_password" in form.errors:
        count_wrong_password(account)
    return response
