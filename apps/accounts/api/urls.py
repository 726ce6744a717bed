"""Addresses of accounts below /api/v1/."""

from django.urls import path

from apps.accounts.api import views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="auth-register"),
    path("auth/login", views.LoginView.as_view(), name="auth-login"),
    path("auth/refresh", views.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout", views.LogoutView.as_view(), name="auth-logout"),
    path("me", views.MeView.as_view(), name="me"),
    path("firms", views.FirmsView.as_view(), name="firms"),
    path("firms/<uuid:firm_id>", views.FirmDetailView.as_view(), name="firm"),
]
