"""Apply what vendors told: each event once, in whatever order they came."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Coalesce, Now

from apps.core.encryption import decrypt
from apps.core.tenancy import acting_as, knowing_address, tenant
from apps.notifications.contracts import Channel, EventKind, EventReference, SuppressionReason
from apps.notifications.models import Delivery, ProviderEvent
from apps.notifications.queries.events import list_due_events
from apps.notifications.rules.backoff import MOST_ATTEMPTS, retry_delay_seconds
from apps.notifications.rules.delivery_rank import status_after
from apps.notifications.services.suppress import lift_suppression, suppress

logger = logging.getLogger(__name__)
BATCH = 200
_NEEDS_REASON = ("failed", "bounced", "complained")


def apply_due_events(*, limit: int = BATCH) -> int:
    """Apply events that wait, oldest first; return how many were found. A full batch means there are more.

    An event that cannot be applied is tried again later, and holds no other one up.
    """
    due = list_due_events(limit=limit)
    for reference in due:
        try:
            apply_event(reference)
        except Exception:
            logger.exception("notifications.event_failed", extra={"event_id": reference.event_id})
            _postpone(reference)
    return len(due)


def apply_event(reference: EventReference) -> None:
    """Apply one event, with its mark, in one transaction. Twice is once."""
    with _event_rows(reference):
        event = (
            ProviderEvent.objects.select_for_update(skip_locked=True)
            .filter(pk=reference.event_id, handled_at=None)
            .first()
        )
        if event is None:
            return
        outcome = _tell_delivery(event) if event.delivery_id is not None else _obey(event)
        ProviderEvent.objects.filter(pk=event.pk).update(handled_at=Now(), outcome=outcome)


@contextmanager
def _event_rows(reference: EventReference) -> Iterator[None]:
    """Open the transaction in which the event and its delivery can be seen."""
    if reference.user_id is not None:
        with acting_as(reference.user_id):
            yield
    elif reference.firm_id is not None:
        with tenant(reference.firm_id):
            yield
    else:
        with knowing_address(reference.address_digest):
            yield


def _tell_delivery(event: ProviderEvent) -> str:
    delivery = Delivery.objects.select_for_update().get(pk=event.delivery_id or 0)
    if event.makes_unusable:
        reason = SuppressionReason(event.makes_unusable)
        suppress(channel=Channel(delivery.channel), address=decrypt(event.sealed_address), reason=reason)
    status = status_after(delivery.status, EventKind(event.kind))
    if status is None:
        return "nothing new"
    Delivery.objects.filter(pk=delivery.pk).update(
        status=status,
        sent_at=Coalesce(F("sent_at"), event.happened_at),
        vendor_message_id=event.vendor_message_id or delivery.vendor_message_id,
        reason=f"the vendor reported: {event.kind} {event.code}".strip() if status in _NEEDS_REASON else "",
        # The vendor has it, whatever we were about to do: nobody tries again.
        lease_until=None,
        lease_token=None,
    )
    return "applied"


def _obey(event: ProviderEvent) -> str:
    address = decrypt(event.sealed_address)
    if event.kind == EventKind.STOP:
        suppress(channel=Channel.SMS, address=address, reason=SuppressionReason.STOP)
    elif event.kind == EventKind.START:
        lift_suppression(channel=Channel.SMS, address=address, reason=SuppressionReason.STOP)
    return "applied"


def _postpone(reference: EventReference) -> None:
    """After the last try it is left alone, unhandled, for a person to look at."""
    with _event_rows(reference):
        event = ProviderEvent.objects.get(pk=reference.event_id)
        attempts = event.attempts + 1
        days = 3650 if attempts >= MOST_ATTEMPTS else 0
        delay = timedelta(days=days, seconds=retry_delay_seconds(attempts, jitter=1))
        ProviderEvent.objects.filter(pk=event.pk).update(attempts=attempts, available_at=Now() + delay)
