"""Close a month of a firm: keep every row behind its figures, so that they can be told for ever as they are now."""

import logging
from calendar import monthrange
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from apps.accounts.interface import FirmProfile
from apps.core import audit
from apps.core.scope import Scope
from apps.core.tenancy import tenant
from apps.reports.contracts.closing import MonthClose
from apps.reports.errors import MonthAlreadyClosed, MonthNotClosable
from apps.reports.ledger.freeze import checksum_of, freeze_rows
from apps.reports.ledger.kept_sums import keep_sums
from apps.reports.models import LedgerSettlement, PeriodClose
from apps.reports.queries.closes import as_contract
from apps.reports.queries.kept_merges import list_merges
from apps.reports.queries.ledger_state import is_current
from apps.reports.queries.sources.reading import Reading
from apps.reports.services.find_standing import Standing, find_standing

logger = logging.getLogger(__name__)
# Until the transaction ends: the rows of a large firm's month take longer than a request's statement may.
_PATIENCE = "SET LOCAL statement_timeout = '5min'"


def close_month(*, firm_id: int, actor_id: int, month: date, now: datetime) -> MonthClose:
    """Keep the month's rows as the ledger has them; months may be closed in any order. All of it or nothing.

    month: its first day. One state of the ledger is kept whole: a sync or a rebuild meanwhile is not seen. Whoever
    comes second waits for the first and is refused. Raises MonthNotClosable: the month is not over, the first sync runs
    or the ledger is behind the mirror; MonthAlreadyClosed.
    """
    try:
        with tenant(firm_id, snapshot=True):
            standing = find_standing(scope=_scope(firm_id), period=f"{month:%Y-%m}", now=now)
            _check(standing, now)
            row = _claim(standing, month, actor_id, now)
            with connection.cursor() as cursor:
                cursor.execute(_PATIENCE)
            freeze_rows(reading=_reading(standing), close_id=row.pk)
            keep_sums(firm_id=firm_id, close_id=row.pk, month=month)
            row.has_sums = True
            row.row_count, row.checksum = checksum_of(firm_id=firm_id, close_id=row.pk)
            row.checked_at = now
            row.save(update_fields=["row_count", "checksum", "checked_at", "has_sums"])
            _record(row, actor_id)
    except IntegrityError as error:
        raise MonthAlreadyClosed(f"{month:%Y-%m} is closed. Reopen it first to close it anew.") from error
    logger.info("reports.month_closed", extra={"firm_id": firm_id, "close_id": row.pk, "rows": row.row_count})
    return as_contract(row)


def _scope(firm_id: int) -> Scope:
    return Scope.system(firm_id, "closing a month")


def _check(standing: Standing, now: datetime) -> None:
    if not standing.period.is_complete:
        raise MonthNotClosable(
            f"{standing.period.starts_on:%Y-%m} is not over yet: close it when it is.", reason="not_over"
        )
    if standing.ledger is None or standing.status != "ready":
        raise MonthNotClosable(
            "The first sync with Clio is not complete yet: close the month when it is.", reason="loading"
        )
    if not is_current(profile=standing.profile, mirror_version=standing.freshness.mirror_version, now=now):
        detail = "The numbers are being brought up to what Clio sent; close the month in a moment."
        raise MonthNotClosable(detail, reason="rebuilding")


def _claim(standing: Standing, month: date, actor_id: int, now: datetime) -> PeriodClose:
    """Write the close down first: a second one of the month waits here for this one to end, and is refused."""
    profile: FirmProfile = standing.profile
    earlier = PeriodClose.objects.filter(firm_id=profile.firm_id, month=month).order_by("-version").first()
    if earlier is not None and earlier.reopened_at is None:
        raise MonthAlreadyClosed(f"{month:%Y-%m} is closed. Reopen it first to close it anew.")
    with transaction.atomic():
        row = PeriodClose.objects.create(
            firm_id=profile.firm_id,
            month=month,
            version=earlier.version + 1 if earlier else 1,
            closed_at=now,
            closed_on=standing.period.today,
            closed_by_id=actor_id,
            generation=standing.ledger.generation if standing.ledger else 0,
            mirror_version=standing.freshness.mirror_version,
            last_allocation_id=LedgerSettlement.objects.filter(firm_id=profile.firm_id).aggregate(
                last=Max("allocation_id")
            )["last"],
            currency=profile.currency,
            counts_no_charge_as_billable=standing.calendar.rules.counts_no_charge_as_billable,
            keeps_targets=True,
            merged_people=list_merges(firm_id=profile.firm_id),
        )
    row.refresh_from_db()  # its public id is the database's
    return row


def _reading(standing: Standing) -> Reading:
    first = standing.period.starts_on
    return Reading(
        scope=_scope(standing.profile.firm_id),
        first=first,
        last=first.replace(day=monthrange(first.year, first.month)[1]),
        as_of=standing.period.today,
        calendar=standing.calendar,
    )


def _record(row: PeriodClose, actor_id: int) -> None:
    audit.record(
        "reports.month_closed",
        firm_id=row.firm_id,
        user_id=actor_id,
        target=f"month:{row.month:%Y-%m}",
        version=row.version,
        rows=row.row_count,
        checksum=row.checksum,
    )
