"""Set how many hours a timekeeper is meant to bill in a month, from a month on."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from apps.accounts.errors import TargetHoursNotFound, TargetOfMergedUser, TooManyTargets
from apps.accounts.models import Firm, TargetHours
from apps.accounts.services.firm_lock import lock_firm
from apps.accounts.signals import firm_changed
from apps.core import audit
from apps.core.errors import FieldFault
from apps.core.registries import main_users
from apps.core.tenancy import tenant

MOST_ROWS = 5_000


def set_target_hours(
    *, firm_id: int, actor_id: int, timekeeper_id: int, starts_on: date, monthly_hours: Decimal, now: datetime
) -> TargetHours:
    """Set or replace the target that holds from a month on; earlier months keep theirs. Announces firm_changed.

    starts_on: the first of a month. monthly_hours: 0 ends the target. Raises TooManyTargets, and TargetOfMergedUser for
    a user who stands under another one.
    """
    with tenant(firm_id):
        lock_firm(firm_id)
        if monthly_hours > 0:
            _refuse_merged(firm_id, timekeeper_id)
        mine = TargetHours.objects.filter(firm_id=firm_id, timekeeper_id=timekeeper_id, starts_on=starts_on)
        before = mine.values_list("monthly_hours", flat=True).first()
        if before is None and TargetHours.objects.filter(firm_id=firm_id).count() >= MOST_ROWS:
            raise TooManyTargets
        row, _ = TargetHours.objects.update_or_create(
            firm_id=firm_id,
            timekeeper_id=timekeeper_id,
            starts_on=starts_on,
            defaults={"monthly_hours": monthly_hours, "set_by_id": actor_id, "set_at": now},
        )
        if before != monthly_hours:
            _record(firm_id, actor_id, row, before, monthly_hours)
    return row


def _refuse_merged(firm_id: int, timekeeper_id: int) -> None:
    for _, main_user in main_users:
        main = main_user(firm_id, timekeeper_id)
        if main is not None:
            main_id, name = main
            detail = f"This user was merged into {name or 'another'} (user {main_id}): set the target for that one."
            raise TargetOfMergedUser(detail, faults=(FieldFault("/timekeeper_id", detail, "merged"),))


def remove_target_hours(*, firm_id: int, actor_id: int, target_id: int) -> None:
    """Remove a row: the one before it holds on. Announces firm_changed. Raises TargetHoursNotFound."""
    with tenant(firm_id):
        lock_firm(firm_id)
        row = TargetHours.objects.filter(pk=target_id, firm_id=firm_id).first()
        if row is None:
            raise TargetHoursNotFound
        _record(firm_id, actor_id, row, row.monthly_hours, None)
        row.delete()


def _record(firm_id: int, actor_id: int, row: TargetHours, before: Decimal | None, after: Decimal | None) -> None:
    audit.record(
        "accounts.target_hours_set",
        firm_id=firm_id,
        user_id=actor_id,
        target=f"timekeeper:{row.timekeeper_id}",
        starts_on=row.starts_on.isoformat(),
        before=None if before is None else str(before),
        after=None if after is None else str(after),
    )
    transaction.on_commit(lambda: _announce(firm_id), robust=True)


def _announce(firm_id: int) -> None:
    firm_changed.send(sender=Firm, firm_id=firm_id)
