"""Who may call the routes of billing."""

from dataclasses import replace

from apps.core.permissions import MEMBERS

# Everybody in the firm sees the banner "5 days left"; paying is for those who act for the firm.
PERMISSIONS = {"firm-subscription": {"GET": MEMBERS}, "billing-page": {"GET": replace(MEMBERS, is_page=True)}}
