"""Jobs of notifications, each one service call."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic
from apps.notifications import jobs
from apps.notifications.contracts import DeliveryReference
from apps.notifications.services.apply_events import BATCH, apply_due_events
from apps.notifications.services.deliver import deliver
from apps.notifications.services.send_digest import send_digest, sweep_digests
from apps.notifications.services.sweep_deliveries import sweep_deliveries
from apps.notifications.services.sweep_events import sweep_events


@handles(jobs.DELIVER)
def deliver_message(
    *, delivery_id: int, user_id: int | None = None, firm_id: int | None = None, **_: Any
) -> RunAgain | None:
    """Send one delivery, or come back when its next try is due."""
    next_try: datetime | None = deliver(DeliveryReference(delivery_id, user_id, firm_id))
    return RunAgain(next_try) if next_try else None


@handles(jobs.APPLY_EVENTS)
def apply_events(**_: Any) -> RunAgain | None:
    """Apply the vendors' events that wait, batch by batch."""
    return RunAgain(timezone.now()) if apply_due_events() == BATCH else None


periodic(jobs.SWEEP_DELIVERIES, sweep_deliveries, every_seconds=15)
periodic(jobs.SWEEP_EVENTS, sweep_events, every_seconds=15)


@handles(jobs.SEND_DIGEST)
def send_one_digest(*, user_id: int, **_: Any) -> None:
    """Gather what waits for one person's daily digest."""
    send_digest(user_id=user_id, now=timezone.now())


periodic(jobs.SWEEP_DIGESTS, sweep_digests, every_seconds=60)
