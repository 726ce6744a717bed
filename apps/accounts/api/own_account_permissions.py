"""Who may call the routes and pages of one's own account."""

from apps.core.permissions import PUBLIC, SIGNED_IN

_FORM = {"GET": PUBLIC, "POST": PUBLIC}

# What is sensitive asks inside for a fresh second factor, or for the password of somebody who has none.
OWN_ACCOUNT_PERMISSIONS = {
    "me": {"GET": SIGNED_IN, "PATCH": SIGNED_IN},
    "my-email": {"GET": SIGNED_IN, "POST": SIGNED_IN, "DELETE": SIGNED_IN},
    "my-deletion": {"POST": SIGNED_IN},
    # Whoever holds a mailed token reads the mailbox it was sent to.
    "auth-email-confirm": {"POST": PUBLIC},
    "auth-stop": {"POST": PUBLIC},
    "auth-keep-account": {"POST": PUBLIC},
    "auth-second-step-lost": {"POST": PUBLIC},
    # Pages have a cookie instead of a token and lead to sign-in instead of refusing: each asks for its visitor itself.
    "account": _FORM,
    "account-email": _FORM,
    "account-leave": _FORM,
    "account-delete": _FORM,
    "account-keep": _FORM,
    "account-stop": _FORM,
    "email-confirm": _FORM,
    "sign-in-lost-second-step": _FORM,
}
