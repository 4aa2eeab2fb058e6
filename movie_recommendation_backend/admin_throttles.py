"""The admin's login and password change, limited as the API's are."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from users.accounts.authentication import account_of, count_wrong_password, refuse_locked

from .http.throttling import charge, client_address


def login(request: HttpRequest, **kwargs) -> HttpResponse:
    if request.method == "POST":
        charge("admin-login", client_address(request))
    return admin.site.login(request, **kwargs)


def password_change(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        refuse_locked(account_of(request.user))
    response = admin.site.password_change(request)
    # After a good one the answer is a redirect, without a form.
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form and "old_password" in form.errors:
        count_wrong_password(account_of(request.user))
    return response
