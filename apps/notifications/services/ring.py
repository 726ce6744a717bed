"""Wake a worker for a delivery."""

from apps.core import jobs
from apps.notifications.contracts import DeliveryReference
from apps.notifications.jobs import DELIVER


def ring(reference: DeliveryReference, *, queue: str) -> None:
    """Enqueue the wake-up in the open transaction, unless one is waiting. queue: the channel's, or `critical`.

    The delivery is the job: this only rings. A person's may be rung for by any transaction, so it names no firm.
    """
    key, delivery_id = f"{reference.delivery_id}", reference.delivery_id
    if reference.user_id is not None:
        jobs.enqueue(DELIVER, queue=queue, dedupe_key=key, delivery_id=delivery_id, user_id=reference.user_id)
    else:
        jobs.enqueue(DELIVER, queue=queue, dedupe_key=key, delivery_id=delivery_id, firm_id=reference.firm_id)
