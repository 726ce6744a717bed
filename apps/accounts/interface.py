"""The door of accounts."""

from apps.accounts.contracts import FirmMembership, FirmProfile
from apps.accounts.queries.firms import (
    find_firm_id,
    get_firm_profile,
    is_administrator,
    list_firm_ids,
    list_memberships,
)
from apps.accounts.queries.people import find_user_id
from apps.accounts.queries.sessions import SessionStanding, find_open_session
from apps.accounts.services.create_firm import create_firm
from apps.accounts.services.end_session import end_session
from apps.accounts.services.mark_onboarding_step import mark_onboarding_step
from apps.accounts.services.register_person import register_person
from apps.accounts.signals import firm_changed, firm_created

__all__ = [
    "FirmMembership",
    "FirmProfile",
    "SessionStanding",
    "create_firm",
    "end_session",
    "find_firm_id",
    "find_open_session",
    "find_user_id",
    "firm_changed",
    "firm_created",
    "get_firm_profile",
    "is_administrator",
    "list_firm_ids",
    "list_memberships",
    "mark_onboarding_step",
    "register_person",
]
