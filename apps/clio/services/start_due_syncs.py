"""Start the syncs that are due: every quarter of an hour per firm, and at once what a dead worker left behind."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.clio.errors import ClioGrantRevoked, ClioNotConnected
from apps.clio.services.open_run import open_run

logger = logging.getLogger(__name__)
READ_EVERY = timedelta(minutes=15)
LEFT_AFTER = timedelta(seconds=90)
_DUE = "SELECT firm_id FROM resolve_clio_syncs_due(%s, %s)"


def start_due_syncs(*, now: datetime | None = None) -> int:
    """Open or wake the run of every connected firm that is due; return how many."""
    now = now or timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, [now - READ_EVERY, now - LEFT_AFTER])
        due = [firm_id for (firm_id,) in cursor.fetchall()]
    started = sum(_start(firm_id) for firm_id in due)
    if started:
        logger.info("clio.syncs_started", extra={"count": started})
    return started


def _start(firm_id: int) -> bool:
    try:
        open_run(firm_id=firm_id, full=False)
    except (ClioNotConnected, ClioGrantRevoked):  # disconnected since the list was made
        return False
    return True
