"""Addresses of one's own account below /api/v1/."""

from django.urls import path

from apps.accounts.api import own_account_views as views

urlpatterns = [
    path("me", views.MeView.as_view(), name="me"),
    path("me/email", views.MyEmailView.as_view(), name="my-email"),
    path("me/deletion", views.MyDeletionView.as_view(), name="my-deletion"),
    path("auth/email/confirm", views.EmailConfirmView.as_view(), name="auth-email-confirm"),
    path("auth/stop", views.StopView.as_view(), name="auth-stop"),
    path("auth/keep-account", views.KeepAccountView.as_view(), name="auth-keep-account"),
    path("auth/second-step/lost", views.LostSecondStepView.as_view(), name="auth-second-step-lost"),
]
