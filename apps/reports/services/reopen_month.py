"""Reopen a closed month; what was kept at its close stays on record, and the next close is another version."""

import logging
from datetime import datetime
from uuid import UUID

from apps.core import audit
from apps.core.tenancy import tenant
from apps.reports.contracts.closing import MonthClose
from apps.reports.errors import CloseNotFound, MonthNotClosed
from apps.reports.models import PeriodClose
from apps.reports.queries.closes import as_contract

logger = logging.getLogger(__name__)


def reopen_month(*, firm_id: int, actor_id: int, close_id: UUID, reason: str, now: datetime) -> MonthClose:
    """Say that a month's figures are not settled after all. Raises CloseNotFound, MonthNotClosed."""
    with tenant(firm_id):
        row = PeriodClose.objects.select_for_update().filter(firm_id=firm_id, public_id=close_id).first()
        if row is None:
            raise CloseNotFound
        if row.reopened_at is not None:
            raise MonthNotClosed
        row.reopened_at, row.reopened_by_id, row.reopen_reason = now, actor_id, reason
        row.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])
        audit.record(
            "reports.month_reopened",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"month:{row.month:%Y-%m}",
            version=row.version,
            reason=reason,
        )
    logger.info("reports.month_reopened", extra={"firm_id": firm_id, "close_id": row.pk})
    return as_contract(row)
