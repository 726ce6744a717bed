"""Getting in, where the answer on the page must not tell who has an account: the mail does."""

from apps.notifications.contracts import Category
from apps.notifications.rules.kinds.kind import EMAIL, Kind

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
)
