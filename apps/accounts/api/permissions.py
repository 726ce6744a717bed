"""Who may call the routes of accounts."""

from apps.accounts.api.entry_permissions import ENTRY_PERMISSIONS, PAGE_PERMISSIONS
from apps.accounts.api.firm_permissions import FIRM_PERMISSIONS
from apps.accounts.api.own_account_permissions import OWN_ACCOUNT_PERMISSIONS
from apps.core.permissions import SIGNED_IN

PERMISSIONS = {
    **ENTRY_PERMISSIONS,
    **PAGE_PERMISSIONS,
    **OWN_ACCOUNT_PERMISSIONS,
    "firms": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    **FIRM_PERMISSIONS,
}
