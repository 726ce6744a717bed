"""Who may call the routes of getting in."""

from apps.core.access import ADMINISTRATORS, Audience, Rule
from apps.core.permissions import ADMINS_ONLY, PUBLIC, SIGNED_IN

_SIGNED_IN_AND_FRESH = Rule(Audience.SIGNED_IN, step_up=True)

ENTRY_PERMISSIONS = {
    "auth-register": {"POST": PUBLIC},
    "auth-verify-email": {"POST": PUBLIC},
    "auth-verify-email-resend": {"POST": PUBLIC},
    "auth-login": {"POST": PUBLIC},
    "auth-second-step": {"POST": PUBLIC},
    "auth-second-step-code": {"POST": PUBLIC},
    "auth-refresh": {"POST": PUBLIC},
    "auth-logout": {"POST": SIGNED_IN},
    "auth-password-forgot": {"POST": PUBLIC},
    "auth-password-reset": {"POST": PUBLIC},
    "auth-password-change": {"POST": SIGNED_IN},
    "auth-step-up": {"POST": SIGNED_IN},
    "auth-step-up-code": {"POST": SIGNED_IN},
    "my-sessions": {"GET": SIGNED_IN},
    "my-session": {"DELETE": SIGNED_IN},
    "my-identities": {"GET": SIGNED_IN},
    "my-identity": {"DELETE": _SIGNED_IN_AND_FRESH},
    "my-second-factor": {"GET": SIGNED_IN},
    "my-app-factor": {"POST": SIGNED_IN, "DELETE": _SIGNED_IN_AND_FRESH},
    "my-app-factor-confirm": {"POST": SIGNED_IN},
    "my-sms-factor": {"POST": SIGNED_IN, "DELETE": _SIGNED_IN_AND_FRESH},
    "my-sms-factor-confirm": {"POST": SIGNED_IN},
    "my-recovery-codes": {"POST": _SIGNED_IN_AND_FRESH},
    "firm-security": {"GET": ADMINS_ONLY, "PUT": Rule(Audience.FIRM, roles=ADMINISTRATORS, step_up=True)},
}

# Pages have a cookie instead of a token and lead to sign-in instead of refusing: each asks for its visitor itself.
_FORM = {"GET": PUBLIC, "POST": PUBLIC}
PAGE_PERMISSIONS = {
    "sign-in": _FORM,
    "sign-in-second-step": _FORM,
    "sign-in-send-code": {"POST": PUBLIC},
    "sign-in-identity": {"GET": PUBLIC},
    "sign-in-identity-unknown": {"GET": PUBLIC},
    "sign-out": {"POST": PUBLIC},
    "register": _FORM,
    "register-identity": _FORM,
    "verify": _FORM,
    "forgot": _FORM,
    "reset": _FORM,
    "account-sessions": _FORM,
    "account-ways-in": {"GET": PUBLIC},
    "account-link-begin": _FORM,
    "account-link-identity": _FORM,
    "account-unlink-identity": _FORM,
    "account-confirm": _FORM,
    "account-second-step": {"GET": PUBLIC},
    "account-set-up-app": _FORM,
    "account-set-up-phone": _FORM,
    "account-remove-factor": _FORM,
    "account-recovery-codes": _FORM,
}
