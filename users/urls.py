from django.urls import path
from rest_framework.routers import SimpleRouter

from .lists.kinds import LISTS
from .lists.views import LibraryView, list_view_set
from .views import auth, profile

router = SimpleRouter()
for kind in LISTS.values():
    router.register(f"users/{kind.name}", list_view_set(kind), basename=kind.name)

urlpatterns = [
    path("auth/register/", auth.RegisterView.as_view()),
    path("auth/login/", auth.LoginView.as_view()),
    path("auth/refresh/", auth.RefreshView.as_view()),
    path("auth/verify/", auth.VerifyView.as_view()),
    path("auth/logout/", auth.LogoutView.as_view()),
    path("auth/password/change/", auth.PasswordChangeView.as_view()),
    path("auth/password/reset/", auth.PasswordResetView.as_view()),
    path("auth/password/reset/confirm/", auth.PasswordResetConfirmView.as_view()),
    path("users/profile/", profile.ProfileView.as_view()),
    path("users/profile/delete/", profile.ProfileDeleteView.as_view()),
    path("users/export/", profile.ExportView.as_view()),
    path("users/library/", LibraryView.as_view()),
    *router.urls,
]
