"""Pages of accounts."""

from django.urls import path

from apps.accounts.pages import account, invitation, links, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in_page, name="sign-in"),
    path("sign-in/second-step", sign_in.second_step_page, name="sign-in-second-step"),
    path("sign-in/send-code", sign_in.send_code_page, name="sign-in-send-code"),
    path("sign-out", sign_in.sign_out_page, name="sign-out"),
    path("register", links.register_page, name="register"),
    path("verify/<str:token>", links.verify_page, name="verify"),
    path("forgot", links.forgot_page, name="forgot"),
    path("reset/<str:token>", links.reset_page, name="reset"),
    path("invitations/<str:token>", invitation.invitation_page, name="invitation"),
    path("account/sessions", account.sessions_page, name="account-sessions"),
    path("account/confirm", account.confirm_page, name="account-confirm"),
    path("account/second-step", account.second_step_settings_page, name="account-second-step"),
    path("account/second-step/app", account.set_up_app_page, name="account-set-up-app"),
    path("account/second-step/phone", account.set_up_phone_page, name="account-set-up-phone"),
    path("account/second-step/remove/<str:method>", account.remove_factor_page, name="account-remove-factor"),
    path("account/recovery-codes", account.recovery_codes_page, name="account-recovery-codes"),
]
