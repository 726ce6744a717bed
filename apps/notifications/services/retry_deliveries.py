"""Try dead letters again, by a person's decision."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db.models.functions import Now

from apps.notifications.contracts import Channel, DeliveryReference
from apps.notifications.errors import NotDead
from apps.notifications.models import Delivery
from apps.notifications.queries.deliveries import list_dead_deliveries
from apps.notifications.services.delivery_lease import delivery_rows
from apps.notifications.services.ring import ring

logger = logging.getLogger(__name__)


def retry_delivery(*, delivery_id: int) -> None:
    """Give one dead letter its tries again and wake a worker. Raises NotDead."""
    if retry_dead_deliveries(ids=[delivery_id], limit=1) != 1:
        raise NotDead


def retry_dead_deliveries(
    *, ids: Sequence[int] | None = None, channel: Channel | None = None, since: datetime | None = None, limit: int = 500
) -> int:
    """Give dead letters, the newest first, their tries again; return how many."""
    dead = list_dead_deliveries(ids=ids, channel=channel, since=since, limit=limit)
    return sum(_revive(reference, of_channel) for reference, of_channel in dead)


def _revive(reference: DeliveryReference, channel: Channel) -> bool:
    with delivery_rows(reference):
        dead = Delivery.objects.filter(pk=reference.delivery_id, status=Delivery.Status.DEAD)
        if not dead.update(status=Delivery.Status.PENDING, attempts=0, available_at=Now(), reason=""):
            return False
        ring(reference, queue=channel)
    logger.info("notifications.revived", extra={"delivery_id": reference.delivery_id})
    return True
