"""Jobs of notifications, each one service call."""

from datetime import datetime
from typing import Any

from apps.core.jobs import RunAgain, handles
from apps.core.jobs.periodic import periodic
from apps.notifications import jobs
from apps.notifications.contracts import DeliveryReference
from apps.notifications.services.deliver import deliver
from apps.notifications.services.sweep_deliveries import sweep_deliveries


@handles(jobs.DELIVER)
def deliver_message(
    *, delivery_id: int, user_id: int | None = None, firm_id: int | None = None, **_: Any
) -> RunAgain | None:
    """Send one delivery, or come back when its next try is due."""
    next_try: datetime | None = deliver(DeliveryReference(delivery_id, user_id, firm_id))
    return RunAgain(next_try) if next_try else None


periodic(jobs.SWEEP_DELIVERIES, sweep_deliveries, every_seconds=15)
