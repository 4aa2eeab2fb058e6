"""`/api/auth/`: sessions and passwords."""

from typing import Any

from django.contrib.auth import authenticate
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend.http.throttling import client_address, throttle, throttle_user
from movie_recommendation_backend.http.validation import validated_body
from movie_recommendation_backend.openapi import documented
from users.accounts import actions, serializers, tokens
from users.accounts.authentication import JWTAuthentication, bearer, user_of
from users.models import BlacklistedToken, User


class PublicView(APIView):
    """For callers without a session. Tokens in the Authorization header are ignored."""

    authentication_classes = []
    permission_classes = []

    def get_authenticate_header(self, request: Request) -> str:
        # Without it, DRF changes a 401 to 403 in views without authentication classes.
        return JWTAuthentication().authenticate_header(request)


class TokenView(PublicView):
    """A view that takes a token in its body.

    Requests with a valid token are throttled by user, all others by address. Each request counts
    once.
    """

    throttle_classes = []
    is_throttled = False

    def throttle_user(self, user: User) -> None:
        self.is_throttled = True
        throttle_user(user)

    def handle_exception(self, exc: Exception) -> Response:
        if not self.is_throttled and not isinstance(exc, Throttled):
            limit = "bad-token" if isinstance(exc, tokens.TokenNotValid) else "anon"
            try:
                throttle(limit, client_address(self.request))
            except Throttled as throttled:
                exc = throttled
        return super().handle_exception(exc)


def session(user: User) -> dict[str, Any]:
    """Return the tokens of a new session, and the user's profile."""
    return tokens.tokens_for(user) | {"user": serializers.UserProfileSerializer(user).data}


class RegisterView(PublicView):
    throttle_scope = "register"

    @documented(
        "auth_register",
        "Register",
        "Creates an account and logs in. The email address is not verified.",
        takes=serializers.UserRegistrationSerializer,
        answers={201: serializers.SessionSerializer},
        public=True,
    )
    def post(self, request: Request) -> Response:
        user = actions.register(**validated_body(serializers.UserRegistrationSerializer, request))
        return Response(session(user), status=201)


class LoginView(PublicView):
    throttle_scope = "login"

    @documented(
        "auth_login",
        "Log in",
        "Logs in by username or email address. After 100 wrong passwords within an hour, the"
        " account is locked for the rest of that hour.",
        takes=serializers.UserLoginSerializer,
        answers={200: serializers.SessionSerializer},
        fails=(401,),
        public=True,
    )
    def post(self, request: Request) -> Response:
        given = validated_body(serializers.UserLoginSerializer, request)
        user = authenticate(request._request, **given)
        if not isinstance(user, User) or not actions.update_last_login(user):
            raise AuthenticationFailed("The username or password is wrong.", "invalid_credentials")
        return Response(session(user))


class RefreshView(TokenView):
    @documented(
        "auth_refresh",
        "Refresh the tokens",
        "Exchanges a refresh token, which works once, for new tokens. A used token is refused."
        " Sending it more than 10 seconds after its first use is treated as theft and ends all of"
        " the user's sessions.",
        takes=serializers.TokenRefreshSerializer,
        answers={200: serializers.TokenPairSerializer},
        fails=(401,),
        public=True,
    )
    def post(self, request: Request) -> Response:
        raw = validated_body(serializers.TokenRefreshSerializer, request)["refresh"]
        token, user = tokens.read_refresh(raw)
        self.throttle_user(user)
        return Response(tokens.rotate(token, user))


class VerifyView(TokenView):
    @documented(
        "auth_verify",
        "Verify a token",
        "Checks whether an access or refresh token is valid. Changes nothing.",
        takes=serializers.TokenVerifySerializer,
        answers={200: serializers.EmptySerializer},
        fails=(401,),
        public=True,
    )
    def post(self, request: Request) -> Response:
        user = tokens.verify(validated_body(serializers.TokenVerifySerializer, request)["token"])
        self.throttle_user(user)
        return Response({})


class LogoutView(TokenView):
    @documented(
        "auth_logout",
        "Log out",
        "With `refresh`, ends that session; its access token works until it expires. With"
        " `everywhere` and an access token in the header, ends all of the user's sessions"
        " immediately.",
        takes=serializers.LogoutSerializer,
        answers={204: None},
        fails=(401,),
        public=True,
    )
    def post(self, request: Request) -> Response:
        given = validated_body(serializers.LogoutSerializer, request)
        if given["everywhere"]:
            found = bearer(request)
            if found is None:
                raise NotAuthenticated
            user, _ = found
            self.throttle_user(user)
            tokens.end_all_sessions(user)
        else:
            token, user = tokens.read_refresh(given["refresh"])
            self.throttle_user(user)
            tokens.revoke(token, user, BlacklistedToken.Reason.LOGGED_OUT)
        return Response(status=204)


class PasswordChangeView(APIView):
    @documented(
        "auth_password_change",
        "Change the password",
        "Ends all sessions and returns the tokens of a new one.",
        takes=serializers.PasswordChangeSerializer,
        answers={200: serializers.TokenPairSerializer},
    )
    def post(self, request: Request) -> Response:
        given = validated_body(serializers.PasswordChangeSerializer, request)
        return Response(tokens.tokens_for(actions.change_password(user_of(request), **given)))


class PasswordResetView(PublicView):
    throttle_scope = "reset"

    @documented(
        "auth_password_reset",
        "Request a reset link",
        "Sends a link to the email address if an account has it. The link works once, within an"
        " hour. The response does not reveal whether there is such an account.",
        takes=serializers.PasswordResetSerializer,
        answers={202: serializers.MessageSerializer},
        public=True,
    )
    def post(self, request: Request) -> Response:
        actions.request_reset(**validated_body(serializers.PasswordResetSerializer, request))
        return Response(
            {"detail": "If an account has this address, a reset link will be sent to it."},
            status=202,
        )


class PasswordResetConfirmView(PublicView):
    throttle_scope = "reset-confirm"

    @documented(
        "auth_password_reset_confirm",
        "Set a new password with a reset link",
        "Takes the `uid` and `token` from the email. Ends all sessions.",
        takes=serializers.PasswordResetConfirmSerializer,
        answers={200: serializers.MessageSerializer},
        public=True,
    )
    def post(self, request: Request) -> Response:
        actions.confirm_reset(**validated_body(serializers.PasswordResetConfirmSerializer, request))
        return Response({"detail": "The password has been changed. Log in with the new one."})
