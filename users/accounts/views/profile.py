"""`/api/users/`: the user's own profile, export and account."""

from django.http import FileResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend.http.validation import validated_body
from movie_recommendation_backend.openapi import documented
from users import export
from users.accounts import actions, deletion, serializers
from users.accounts.authentication import user_of


class ProfileView(APIView):
    @documented(
        "users_profile",
        "Get the profile",
        "Returns the same object as `user` in the response of a login.",
        answers={200: serializers.UserProfileSerializer},
    )
    def get(self, request: Request) -> Response:
        return Response(serializers.UserProfileSerializer(request.user).data)

    @documented(
        "users_profile_change",
        "Change the profile",
        "Changes the given fields. A new `username` or `email` requires the `password`, notifies"
        " the old address, and revokes unused reset links.",
        takes=serializers.UserProfileChangeSerializer,
        answers={200: serializers.UserProfileSerializer},
    )
    def patch(self, request: Request) -> Response:
        changes = validated_body(serializers.UserProfileChangeSerializer, request)
        actions.update_profile(user_of(request), **changes)
        return Response(serializers.UserProfileSerializer(request.user).data)


class ProfileDeleteView(APIView):
    @documented(
        "users_profile_delete",
        "Delete the account",
        "Deletes the account and all of its data.",
        takes=serializers.PasswordSerializer,
        answers={204: None},
    )
    def post(self, request: Request) -> Response:
        body = validated_body(serializers.PasswordSerializer, request)
        deletion.delete_account(user_of(request), **body)
        return Response(status=204)


class ExportView(APIView):
    @documented(
        "users_export",
        "Export all data",
        "Returns everything that is stored about the user, as one JSON document. To restore the"
        " lists, send them to the bulk operations, `watched` first.",
        answers={200: export.ExportSerializer},
    )
    def get(self, request: Request) -> FileResponse:
        return FileResponse(
            export.export_file(user_of(request)),
            as_attachment=True,
            filename="export.json",
            content_type="application/json",
        )
