"""The door of accounts."""

from apps.accounts.contracts import (
    FirmMembership,
    FirmProfile,
    HandOver,
    HoursTarget,
    IdentityPurpose,
    Origin,
    OutsideIdentity,
    StartedAttempt,
    TakenAttempt,
)
from apps.accounts.errors import IdentityAttemptInvalid, IdentityOfAnotherBrowser
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.queries.firms import (
    find_firm_id,
    get_firm_profile,
    is_administrator,
    list_firm_ids,
    list_memberships,
)
from apps.accounts.queries.people import find_staff_id, find_user_id
from apps.accounts.queries.providers import Provider, providers
from apps.accounts.queries.sessions import SessionStanding, find_open_session
from apps.accounts.queries.target_hours import list_hours_targets
from apps.accounts.services.create_firm import create_firm
from apps.accounts.services.end_session import end_session
from apps.accounts.services.identity_attempts import begin_identity_attempt, take_identity_attempt
from apps.accounts.services.limit_entries import limit_entries
from apps.accounts.services.look_across_firms import look_across_firms
from apps.accounts.services.mark_onboarding_step import mark_onboarding_step
from apps.accounts.services.note_clio_user import note_clio_user_disabled
from apps.accounts.services.part_from_clio_account import part_from_clio_account
from apps.accounts.services.people_told import tell_administrators
from apps.accounts.services.permit_link import LINK_PERMIT
from apps.accounts.services.register_person import register_person
from apps.accounts.services.sign_in_with_identity import PROVED_IDENTITY, sign_in_with_identity
from apps.accounts.signals import firm_changed, firm_created

__all__ = [
    "LINK_PERMIT",
    "PROVED_IDENTITY",
    "FirmMembership",
    "FirmProfile",
    "HandOver",
    "HoursTarget",
    "IdentityAttemptInvalid",
    "IdentityOfAnotherBrowser",
    "IdentityPurpose",
    "Origin",
    "OutsideIdentity",
    "Provider",
    "SessionStanding",
    "StartedAttempt",
    "TakenAttempt",
    "begin_identity_attempt",
    "create_firm",
    "end_session",
    "find_firm_id",
    "find_open_session",
    "find_staff_id",
    "find_user_id",
    "firm_changed",
    "firm_created",
    "get_factor_state",
    "get_firm_profile",
    "is_administrator",
    "limit_entries",
    "list_firm_ids",
    "list_hours_targets",
    "list_memberships",
    "look_across_firms",
    "mark_onboarding_step",
    "note_clio_user_disabled",
    "part_from_clio_account",
    "providers",
    "register_person",
    "sign_in_with_identity",
    "take_identity_attempt",
    "tell_administrators",
]
