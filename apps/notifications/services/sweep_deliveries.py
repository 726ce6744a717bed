"""Ring again for deliveries that are due and that nobody is at."""

import logging

from apps.notifications.queries.deliveries import list_due_deliveries
from apps.notifications.services.delivery_lease import delivery_rows
from apps.notifications.services.ring import ring

logger = logging.getLogger(__name__)
_BATCH = 500


def sweep_deliveries(*, limit: int = _BATCH) -> int:
    """Enqueue a wake-up for each due delivery, oldest first; return how many. None rings twice at a time."""
    due = list_due_deliveries(limit=limit)
    for reference, channel in due:
        with delivery_rows(reference):
            ring(reference, queue=channel)
    if due:
        logger.info("notifications.deliveries_swept", extra={"count": len(due)})
    return len(due)
