"""Hold a delivery while it is sent: claim it, then write down how it went. Each step is one short transaction."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Channel, DeliveryReference
from apps.notifications.models import Delivery
from apps.notifications.rules.backoff import LEASE_SECONDS

logger = logging.getLogger(__name__)
_CLAIM = """
UPDATE notifications_delivery SET status = 'sending', attempts = attempts + 1, lease_token = %(token)s,
       lease_until = statement_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = %(delivery)s AND status IN ('pending', 'sending', 'held') AND available_at <= statement_timestamp()
  AND (lease_until IS NULL OR lease_until < statement_timestamp())
RETURNING attempts, channel
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery in our hands until its lease runs out."""

    reference: DeliveryReference
    token: UUID
    attempts: int
    channel: Channel


@contextmanager
def delivery_rows(reference: DeliveryReference) -> Iterator[None]:
    """Open the transaction in which a delivery's row can be seen: its person's, or its firm's."""
    if reference.user_id is not None:
        with acting_as(reference.user_id):
            yield
    elif reference.firm_id is not None:
        with tenant(reference.firm_id):
            yield
    else:
        raise ValueError(f"delivery {reference.delivery_id} is nobody's")


def claim_delivery(reference: DeliveryReference) -> Claim | None:
    """Take the delivery if it is due and nobody holds it; None otherwise. A claim counts as a try."""
    token = uuid4()
    with delivery_rows(reference), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"delivery": reference.delivery_id, "token": token, "seconds": LEASE_SECONDS})
        row = cursor.fetchone()
    return Claim(reference, token, row[0], Channel(row[1])) if row else None


def mark_sent(claimed: Claim, *, vendor_message_id: str = "") -> None:
    """Note that the vendor has it, and what the vendor calls it."""
    _settle(claimed, status=Delivery.Status.SENT, sent_at=Now(), reason="", vendor_message_id=vendor_message_id[:200])


def mark_dead(claimed: Claim, reason: str) -> None:
    """Note that it will not be sent, and why: a dead letter, for an operator to try again."""
    _settle(claimed, status=Delivery.Status.DEAD, reason=reason)


def mark_suppressed(claimed: Claim, reason: str) -> None:
    """Note that the address must not be written to, and why."""
    _settle(claimed, status=Delivery.Status.SUPPRESSED, reason=reason, attempts=F("attempts") - 1)


def mark_skipped(claimed: Claim, reason: str) -> None:
    """Note that the person does not want it."""
    _settle(claimed, status=Delivery.Status.SKIPPED, reason=reason, attempts=F("attempts") - 1)


def hold(claimed: Claim, *, until: datetime, reason: str) -> None:
    """Keep it for later, by the person's wish. This was no try."""
    _settle(claimed, status=Delivery.Status.HELD, available_at=until, reason=reason, attempts=F("attempts") - 1)


def wait_for_turn(claimed: Claim, *, seconds: float) -> None:
    """Let it wait for its channel to be free. This was no try."""
    available_at = Now() + timedelta(seconds=seconds)
    _settle(claimed, status=Delivery.Status.PENDING, available_at=available_at, attempts=F("attempts") - 1)


def put_back(claimed: Claim, *, delay_seconds: float, reason: str) -> None:
    """Let it wait for its next try."""
    available_at = Now() + timedelta(seconds=delay_seconds)
    _settle(claimed, status=Delivery.Status.PENDING, available_at=available_at, reason=reason)


def _settle(claimed: Claim, **values: Any) -> None:
    with delivery_rows(claimed.reference):
        held = Delivery.objects.filter(
            pk=claimed.reference.delivery_id, status=Delivery.Status.SENDING, lease_token=claimed.token
        )
        if not held.update(lease_until=None, lease_token=None, **values):
            # The vendor's own report was faster, or we were slower than the lease: what was found out there counts.
            logger.warning("notifications.lease_lost", extra={"delivery_id": claimed.reference.delivery_id})
