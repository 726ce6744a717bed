"""Try dead letters again because a member of staff says so."""

from collections.abc import Sequence

from django.db import transaction

from apps.core import audit
from apps.notifications.services.retry_deliveries import retry_dead_deliveries


def retry_by_staff(*, staff_user_id: int, delivery_ids: Sequence[int]) -> int:
    """Give these dead letters their tries again; return how many were dead. Audited before anything goes."""
    if not delivery_ids:
        return 0
    with transaction.atomic():
        audit.record("notifications.dead_letters_retried", user_id=staff_user_id, deliveries=sorted(set(delivery_ids)))
    return retry_dead_deliveries(ids=delivery_ids, limit=len(delivery_ids))
