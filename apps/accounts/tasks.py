"""What runs the jobs of accounts."""

from typing import Any

from django.utils import timezone

from apps.accounts import jobs
from apps.accounts.jobs import FORGET_OLD_TRIES, REGISTER, RESEND_CONFIRMATION, SEND_PASSWORD_RESET, TELL_LOCKED_OUT
from apps.accounts.services.answer_ownership_offer import end_ownership_offer
from apps.accounts.services.complete_registration import complete_registration
from apps.accounts.services.delete_accounts import delete_due_accounts
from apps.accounts.services.erase_firm import erase_firm, erase_late_rows
from apps.accounts.services.export_firm import expire_firm_export, make_firm_export
from apps.accounts.services.note_expired_invitation import note_expired_invitation
from apps.accounts.services.request_email_change import announce_email_change
from apps.accounts.services.request_password_reset import send_password_reset
from apps.accounts.services.resend_confirmation import resend_confirmation
from apps.accounts.services.settle_factor_resets import settle_due_factor_resets
from apps.accounts.services.take_try import forget_old_tries
from apps.accounts.services.verify_credentials import tell_locked_out
from apps.core.jobs import handles
from apps.core.jobs.periodic import periodic

_DAY = 86_400


@handles(REGISTER)
def register(*, sealed: str, **_: Any) -> None:
    """Do what a registration asked for."""
    complete_registration(sealed=sealed, now=timezone.now())


@handles(RESEND_CONFIRMATION)
def resend(*, sealed: str, **_: Any) -> None:
    """Mail the confirmation of an address again."""
    resend_confirmation(sealed=sealed, now=timezone.now())


@handles(SEND_PASSWORD_RESET)
def reset(*, sealed: str, **_: Any) -> None:
    """Mail the link that sets a new password."""
    send_password_reset(sealed=sealed, now=timezone.now())


@handles(TELL_LOCKED_OUT)
def locked_out(*, sealed: str, **_: Any) -> None:
    """Tell a person that their sign-in is locked for a while."""
    tell_locked_out(sealed=sealed)


periodic(FORGET_OLD_TRIES, forget_old_tries, every_seconds=_DAY)


@handles(jobs.NOTE_EXPIRED_INVITATION)
def note_expired(*, firm_id: int, invitation_id: int, **_: Any) -> None:
    """Tell whoever invited that nobody came."""
    note_expired_invitation(firm_id=firm_id, invitation_id=invitation_id, now=timezone.now())


@handles(jobs.END_OWNERSHIP_OFFER)
def end_offer(*, firm_id: int, offer_id: int, **_: Any) -> None:
    """Close an offer of the firm that nobody answered."""
    end_ownership_offer(firm_id=firm_id, offer_id=offer_id, now=timezone.now())


@handles(jobs.EXPORT_FIRM)
def export_everything(*, firm_id: int, export_id: int, **_: Any) -> None:
    """Make the copy of everything a firm has here."""
    make_firm_export(firm_id=firm_id, export_id=export_id, now=timezone.now())


@handles(jobs.EXPIRE_FIRM_EXPORT)
def expire_export(*, firm_id: int, export_id: int, **_: Any) -> None:
    """Remove a copy whose time is over."""
    expire_firm_export(firm_id=firm_id, export_id=export_id, now=timezone.now())


@handles(jobs.ERASE_LATE_ROWS)
def erase_late(*, erased_firm_id: int, **_: Any) -> None:
    """Remove what was written for an erased firm while it was being erased."""
    erase_late_rows(erased_firm_id=erased_firm_id)


@handles(jobs.ERASE_FIRM)
def erase_everything(*, firm_id: int, erasure_id: int, **_: Any) -> None:
    """Erase a firm whose day has come."""
    erase_firm(firm_id=firm_id, erasure_id=erasure_id, now=timezone.now())


@handles(jobs.ANNOUNCE_EMAIL_CHANGE)
def announce_change(*, user_id: int, change_id: int, **_: Any) -> None:
    """Write to both addresses of a change."""
    announce_email_change(user_id=user_id, change_id=change_id, now=timezone.now())


periodic(jobs.DELETE_ACCOUNTS, delete_due_accounts, every_seconds=300)
periodic(jobs.SETTLE_FACTOR_RESETS, settle_due_factor_resets, every_seconds=300)
