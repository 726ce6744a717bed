"""Look whether the rows of closed months still come to the checksums that were taken at their closes."""

import logging
from datetime import datetime

from apps.reports.ledger.freeze import checksum_of
from apps.reports.models import PeriodClose

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 12


def check_closes(*, firm_id: int, now: datetime) -> int:
    """Check the closes that were looked at longest ago, and raise the alarm by ids; return how many are broken.

    Call it inside the firm's transaction, once a day: a year of months is looked at each time, so that a long history
    takes its turn. What is broken is told beside every figure as reported until the month is closed anew.
    """
    closes = PeriodClose.objects.filter(firm_id=firm_id, reopened_at=None).order_by("checked_at", "pk")
    for row in closes[:MOST_AT_ONCE]:
        found = checksum_of(firm_id=firm_id, close_id=row.pk)
        row.is_sound, row.checked_at = found == (row.row_count, row.checksum), now
        row.save(update_fields=["is_sound", "checked_at"])
        if not row.is_sound:
            logger.error("reports.closed_month_broken", extra={"firm_id": firm_id, "close_id": row.pk})
    return PeriodClose.objects.filter(firm_id=firm_id, reopened_at=None, is_sound=False).count()
