"""`/api/users/`: what belongs to the user who asks."""

from django.http import FileResponse
from rest_framework.response import Response
from rest_framework.views import APIView

from movie_recommendation_backend.http.validation import validated_body
from movie_recommendation_backend.openapi import documented
from users import export
from users.accounts import actions as accounts
from users.accounts import serializers


class ProfileView(APIView):
    @documented(
        "users_profile",
        "The profile",
        "What a login answers as `user`.",
        answers={200: serializers.UserProfileSerializer},
    )
    def get(self, request):
        return Response(serializers.UserProfileSerializer(request.user).data)

    @documented(
        "users_profile_change",
        "Change the profile",
        "A new `username` or `email` needs the `password`; the old address is told, and open reset"
        " links end.",
        takes=serializers.UserProfileChangeSerializer,
        answers={200: serializers.UserProfileSerializer},
    )
    def patch(self, request):
        changes = validated_body(serializers.UserProfileChangeSerializer, request)
        accounts.update_profile(request.user, **changes)
        return Response(serializers.UserProfileSerializer(request.user).data)


class ProfileDeleteView(APIView):
    @documented(
        "users_profile_delete",
        "Delete the account",
        "Nothing of the user's is left.",
        takes=serializers.PasswordSerializer,
        answers={204: None},
    )
    def post(self, request):
        accounts.delete(request.user, **validated_body(serializers.PasswordSerializer, request))
        return Response(status=204)


class ExportView(APIView):
    @documented(
        "users_export",
        "Export",
        "All that is stored about the user, as one document, written as a stream. The lists can be"
        " sent back through the bulk calls, `watched` first.",
        answers={200: export.ExportSerializer},
    )
    def get(self, request):
        return FileResponse(
            export.written(request.user),
            as_attachment=True,
            filename="export.json",
            content_type="application/json",
        )
