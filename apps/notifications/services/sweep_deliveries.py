"""Ring again for deliveries that are due and that nobody is at."""

import logging

from django.db import transaction

from apps.core import jobs
from apps.core.tenancy import tenant
from apps.notifications.contracts import DeliveryReference
from apps.notifications.jobs import DELIVER
from apps.notifications.queries.deliveries import list_due_deliveries

logger = logging.getLogger(__name__)
_BATCH = 500


def sweep_deliveries(*, limit: int = _BATCH) -> int:
    """Enqueue a wake-up for each due delivery, oldest first; return how many. None rings twice at a time."""
    due = list_due_deliveries(limit=limit)
    for reference in due:
        _ring(reference)
    if due:
        logger.info("notifications.deliveries_swept", extra={"count": len(due)})
    return len(due)


def _ring(reference: DeliveryReference) -> None:
    key, delivery_id = f"{reference.delivery_id}", reference.delivery_id
    if reference.user_id is not None:
        with transaction.atomic():
            jobs.enqueue(DELIVER, dedupe_key=key, delivery_id=delivery_id, user_id=reference.user_id)
    elif reference.firm_id is not None:
        with tenant(reference.firm_id):
            jobs.enqueue(DELIVER, firm_id=reference.firm_id, dedupe_key=key, delivery_id=delivery_id)
