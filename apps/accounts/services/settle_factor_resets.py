"""Take lost second factors off: once staff approved it and the delay is over."""

import logging
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.errors import FactorResetNotFound, NotYourOwnReset
from apps.accounts.models import Authenticator, FactorReset, MailedToken, Phone, RecoveryCode, SentCode, User
from apps.accounts.rules.factor_reset import SHORTEST_REASON
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.end_all_sessions import end_all_sessions
from apps.accounts.services.factor_reset_trail import record_reset
from apps.accounts.services.mailed_links import address_of, void_links
from apps.accounts.services.stop_factor_reset import stop_open_reset
from apps.core.errors import FieldFault, InvalidInput
from apps.core.tenancy import acting_as
from apps.notifications.interface import PersonAt, notify

logger = logging.getLogger(__name__)
_AT_ONCE = 100


def approve_factor_reset(*, user_id: int, reset_id: int, staff_user_id: int, reason: str, now: datetime) -> bool:
    """Approve a request, by a member of staff who is satisfied that it is the person; tell whether it was done at once.

    Before the delay is over it only becomes due then. reason: how staff made sure. Raises InvalidInput,
    NotYourOwnReset; FactorResetNotFound when it is over or approved already.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        fault = FieldFault("/reason", f"Say in {SHORTEST_REASON} characters or more how you made sure.", "required")
        raise InvalidInput("A reason is needed.", faults=(fault,))
    if staff_user_id == user_id:
        raise NotYourOwnReset
    with acting_as(user_id):
        lock_account(user_id)
        requested = FactorReset.objects.filter(pk=reset_id, status=FactorReset.Status.REQUESTED, expires_at__gt=now)
        if not requested.update(
            status=FactorReset.Status.APPROVED, approved_at=now, approved_by_id=staff_user_id, reason=reason.strip()
        ):
            raise FactorResetNotFound
        record_reset("approved", user_id=user_id, reset_id=reset_id, staff_id=staff_user_id)
        return settle_factor_reset(user_id=user_id, reset_id=reset_id, now=now)


def settle_due_factor_resets(*, now: datetime | None = None) -> int:
    """Carry out what is approved and due, stop what nobody approved in time; return how many."""
    moment = now or timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT user_id, reset_id FROM resolve_due_factor_resets(%s, %s)", [moment, _AT_ONCE])
        due: list[tuple[int, int]] = cursor.fetchall()
    settled = 0
    for user_id, reset_id in due:
        try:
            settled += settle_factor_reset(user_id=user_id, reset_id=reset_id, now=moment)
        except Exception:
            logger.exception("accounts.factor_reset_failed", extra={"user_id": user_id})
    return settled


def settle_factor_reset(*, user_id: int, reset_id: int, now: datetime) -> bool:
    """Do what is due with one request; tell whether anything was. Twice is once."""
    with acting_as(user_id):
        user = lock_account(user_id)
        reset = FactorReset.objects.get(pk=reset_id)
        if reset.status == FactorReset.Status.REQUESTED and reset.expires_at <= now:
            return stop_open_reset(user_id=user_id, because="not approved in time", now=now)
        if reset.status != FactorReset.Status.APPROVED or reset.earliest_at > now:
            return False
        _take_factors_off(user, reset, now)
    return True


def _take_factors_off(user: User, reset: FactorReset, now: datetime) -> None:
    numbers = list(Phone.objects.filter(user=user, confirmed_at__isnull=False).values_list("number", flat=True))
    for model in (Authenticator, Phone, RecoveryCode, SentCode):
        model._default_manager.filter(user=user).delete()
    end_all_sessions(user_id=user.pk, because="second factor reset", now=now)
    void_links(user_id=user.pk, purposes=(MailedToken.Purpose.STOP_FACTOR_RESET,), now=now)
    update_contact_card(user_id=user.pk)
    reset.status, reset.done_at = FactorReset.Status.DONE, now
    reset.save(update_fields=["status", "done_at"])
    context: dict[str, str | int | bool] = {
        "name": user.name,
        "changed_at": now.isoformat(),
        "address": address_of("/account/second-step"),
    }
    # The number is off the contact card from now on; whoever reads messages to it is told all the same.
    told: list[int | PersonAt] = [user.pk, *(PersonAt(user.pk, phone=number) for number in numbers)]
    for recipient in told:
        notify(recipient=recipient, kind="accounts.factor_reset_done", context=context)
    record_reset("done", user_id=user.pk, reset_id=reset.pk)
