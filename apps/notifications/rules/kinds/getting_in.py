"""Getting in, where the answer on the page must not tell who has an account: the mail does."""

from apps.notifications.contracts import Category
from apps.notifications.rules.kinds.kind import EMAIL, EMAIL_AND_INBOX, Kind

KINDS = (
    Kind(
        key="accounts.already_registered",
        label="Somebody registered with your address again",
        category=Category.SECURITY,
        channels=EMAIL,
        by_default=True,
        may_refuse=False,
        sample={"name": "Olivia Hart", "address": "https://app.smarterfirms.com/forgot"},
    ),
    Kind(
        key="accounts.address_wanted_elsewhere",
        label="Somebody asked to use your address for another account",
        category=Category.SECURITY,
        channels=EMAIL,
        by_default=True,
        may_refuse=False,
        sample={"name": "Olivia Hart", "address": "https://app.smarterfirms.com/account/email"},
    ),
    Kind(
        key="accounts.clio_sign_in_unlinked",
        label="Sign in with Clio turned off",
        category=Category.SECURITY,
        channels=EMAIL_AND_INBOX,
        by_default=True,
        may_refuse=False,
        sample={
            "name": "Olivia Hart",
            "clio_email": "olivia@ashandbirch.com",
            "changed_at": "2026-03-03T21:15:00+00:00",
            "device": "Firefox on Windows",
            "address": "https://app.smarterfirms.com/account/sessions",
        },
    ),
)
