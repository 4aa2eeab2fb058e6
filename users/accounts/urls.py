from django.urls import path

from .views import auth, profile

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
]
