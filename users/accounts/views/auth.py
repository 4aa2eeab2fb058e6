"""`/api/auth/`: sessions and passwords."""

from django.contrib.auth import authenticate
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend.http.throttling import charge, charge_user, client_address
from movie_recommendation_backend.http.validation import validated_body
from movie_recommendation_backend.openapi import documented
from users.accounts import actions as accounts
from users.accounts import serializers, tokens
from users.accounts.authentication import JWTAuthentication, bearer
from users.models import BlacklistedToken, User


class PublicView(APIView):
    """For who has no session yet, or no more: a token in the header is not looked at."""

    authentication_classes = []
    permission_classes = []

    def get_authenticate_header(self, request) -> str:
        # Without it DRF turns the 401 of a view without authentication into a 403.
        return JWTAuthentication().authenticate_header(request)


class TokenView(PublicView):
    """Charges a token that holds to its user, and what fails to its sender's address; each once."""

    throttle_classes = []
    charged = False

    def charge(self, user: User) -> None:
        self.charged = True
        charge_user(user)

    def handle_exception(self, exc):
        if not self.charged and not isinstance(exc, Throttled):
            limit = "bad-token" if isinstance(exc, tokens.TokenNotValid) else "anon"
            try:
                charge(limit, client_address(self.request))
            except Throttled as too_often:
                exc = too_often
        return super().handle_exception(exc)


def session(user: User) -> dict:
    return tokens.tokens_for(user) | {"user": serializers.UserProfileSerializer(user).data}


class RegisterView(PublicView):
    limit = "register"

    @documented(
        "auth_register",
        "Register",
        "Make an account and log in. The e-mail address is not verified.",
        takes=serializers.UserRegistrationSerializer,
        answers={201: serializers.SessionSerializer},
        public=True,
    )
    def post(self, request):
        user = accounts.register(**validated_body(serializers.UserRegistrationSerializer, request))
        return Response(session(user), status=201)


class LoginView(PublicView):
    limit = "login"

    @documented(
        "auth_login",
        "Log in",
        "By username or e-mail address. After 100 wrong passwords in an hour an account is locked"
        " until that hour is over.",
        takes=serializers.UserLoginSerializer,
        answers={200: serializers.SessionSerializer},
        fails=(401,),
        public=True,
    )
    def post(self, request):
        user = authenticate(request, **validated_body(serializers.UserLoginSerializer, request))
        if user is None or not accounts.note_login(user):
            raise AuthenticationFailed(
                "No account has this name and password.", "invalid_credentials"
            )
        return Response(session(user))


class RefreshView(TokenView):
    @documented(
        "auth_refresh",
        "Refresh the tokens",
        "A refresh token works once. Sent again within 10 seconds it is refused; later, all"
        " sessions of its user end, because it is in two hands.",
        takes=serializers.TokenRefreshSerializer,
        answers={200: serializers.TokenPairSerializer},
        fails=(401,),
        public=True,
    )
    def post(self, request):
        raw = validated_body(serializers.TokenRefreshSerializer, request)["refresh"]
        token, user = tokens.read_refresh(raw)
        self.charge(user)
        return Response(tokens.rotate(token, user))


class VerifyView(TokenView):
    @documented(
        "auth_verify",
        "Verify a token",
        "Whether an access or refresh token still works. Nothing changes.",
        takes=serializers.TokenVerifySerializer,
        answers={200: serializers.EmptySerializer},
        fails=(401,),
        public=True,
    )
    def post(self, request):
        user = tokens.verify(validated_body(serializers.TokenVerifySerializer, request)["token"])
        self.charge(user)
        return Response({})


class LogoutView(TokenView):
    @documented(
        "auth_logout",
        "Log out",
        "With `refresh`: that session ends; its access token lives out its minutes. With"
        " `everywhere` and an access token in the header: all sessions of the user end at once.",
        takes=serializers.LogoutSerializer,
        answers={204: None},
        fails=(401,),
        public=True,
    )
    def post(self, request):
        given = validated_body(serializers.LogoutSerializer, request)
        if given["everywhere"]:
            found = bearer(request)
            if found is None:
                raise NotAuthenticated
            user, _ = found
            self.charge(user)
            tokens.end_all_sessions(user)
        else:
            token, user = tokens.read_refresh(given["refresh"])
            self.charge(user)
            tokens.end(token, user, BlacklistedToken.Reason.LOGGED_OUT)
        return Response(status=204)


class PasswordChangeView(APIView):
    @documented(
        "auth_password_change",
        "Change the password",
        "All sessions end; the answer holds the tokens of a new one.",
        takes=serializers.PasswordChangeSerializer,
        answers={200: serializers.TokenPairSerializer},
    )
    def post(self, request):
        given = validated_body(serializers.PasswordChangeSerializer, request)
        return Response(tokens.tokens_for(accounts.change_password(request.user, **given)))


class PasswordResetView(PublicView):
    limit = "reset"

    @documented(
        "auth_password_reset",
        "Ask for a reset link",
        "If an account has this address, a link that works once, within an hour, is mailed to it."
        " The answer is the same if none has.",
        takes=serializers.PasswordResetSerializer,
        answers={202: serializers.MessageSerializer},
        public=True,
    )
    def post(self, request):
        accounts.request_reset(**validated_body(serializers.PasswordResetSerializer, request))
        return Response({"detail": "If an account has this address, it gets a mail."}, status=202)


class PasswordResetConfirmView(PublicView):
    limit = "reset-confirm"

    @documented(
        "auth_password_reset_confirm",
        "Set a new password by a reset link",
        "With `uid` and `token` of the mail. All sessions end.",
        takes=serializers.PasswordResetConfirmSerializer,
        answers={200: serializers.MessageSerializer},
        public=True,
    )
    def post(self, request):
        accounts.confirm_reset(
            **validated_body(serializers.PasswordResetConfirmSerializer, request)
        )
        return Response({"detail": "The new password is set. Log in with it."})
