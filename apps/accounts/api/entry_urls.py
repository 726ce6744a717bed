"""Addresses of getting in and of a person's own safety."""

from django.urls import path

from apps.accounts.api import entry_views, identity_views, security_views

urlpatterns = [
    path("auth/register", entry_views.RegisterView.as_view(), name="auth-register"),
    path("auth/verify-email", entry_views.VerifyEmailView.as_view(), name="auth-verify-email"),
    path("auth/verify-email/resend", entry_views.ResendConfirmationView.as_view(), name="auth-verify-email-resend"),
    path("auth/login", entry_views.LoginView.as_view(), name="auth-login"),
    path("auth/second-step", entry_views.SecondStepView.as_view(), name="auth-second-step"),
    path("auth/second-step/code", entry_views.SecondStepCodeView.as_view(), name="auth-second-step-code"),
    path("auth/refresh", entry_views.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout", entry_views.LogoutView.as_view(), name="auth-logout"),
    path("auth/password/forgot", entry_views.ForgotPasswordView.as_view(), name="auth-password-forgot"),
    path("auth/password/reset", entry_views.ResetPasswordView.as_view(), name="auth-password-reset"),
    path("auth/password/change", entry_views.ChangePasswordView.as_view(), name="auth-password-change"),
    path("auth/step-up", security_views.StepUpView.as_view(), name="auth-step-up"),
    path("auth/step-up/code", security_views.StepUpCodeView.as_view(), name="auth-step-up-code"),
    path("me/sessions", security_views.SessionsView.as_view(), name="my-sessions"),
    path("me/sessions/<uuid:session_id>", security_views.SessionDetailView.as_view(), name="my-session"),
    path("me/identities", identity_views.IdentitiesView.as_view(), name="my-identities"),
    path("me/identities/<uuid:identity_id>", identity_views.IdentityDetailView.as_view(), name="my-identity"),
    path("me/second-factor", security_views.SecondFactorView.as_view(), name="my-second-factor"),
    path("me/second-factor/app", security_views.AppFactorView.as_view(), name="my-app-factor"),
    path("me/second-factor/app/confirm", security_views.AppFactorConfirmView.as_view(), name="my-app-factor-confirm"),
    path("me/second-factor/sms", security_views.SmsFactorView.as_view(), name="my-sms-factor"),
    path("me/second-factor/sms/confirm", security_views.SmsFactorConfirmView.as_view(), name="my-sms-factor-confirm"),
    path("me/recovery-codes", security_views.RecoveryCodesView.as_view(), name="my-recovery-codes"),
    path("firms/<uuid:firm_id>/security", security_views.FirmSecurityView.as_view(), name="firm-security"),
]
