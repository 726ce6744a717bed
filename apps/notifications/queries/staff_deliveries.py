"""What staff see of messages: every firm's, by the columns granted to them; never a context, never a whole address."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.pages import Cursor, Page, take_page
from apps.core.staff import staff_view
from apps.notifications.contracts import Channel
from apps.notifications.models import Delivery, Notification, ProviderEvent
from apps.notifications.queries.history import label_of
from apps.notifications.rules.labels import CHANNEL_LABELS

_SHOWN = (
    *("notification_id", "user_id", "firm_id", "kind", "channel", "status", "message_key", "vendor_message_id"),
    *("masked_address", "gathered_in_id", "segments", "attempts", "available_at", "sent_at", "reason", "created_at"),
)
_EVENT = ("vendor", "kind", "code", "happened_at", "received_at", "handled_at", "outcome")
# Milliseconds since 1970 are the first 48 bits of a UUID of version 7: an instant is a place in the list.
_UUID_RANDOM_BITS = 80


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """What staff look for; empty: everything. Days are UTC, both included. who: the digest of an address."""

    status: str = ""
    channel: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class StaffDelivery:
    """One message on one channel as staff may know it."""

    id: int
    notification_id: int
    user_id: int | None
    firm_id: int | None
    kind: str
    label: str
    channel: str
    channel_label: str
    status: str
    address: str
    reason: str
    attempts: int
    segments: int | None
    vendor_message_id: str
    gathered_in_id: int | None
    available_at: datetime
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One point in a message's life."""

    at: datetime
    what: str
    detail: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryLife:
    """A message, its way, and its siblings on other channels."""

    delivery: StaffDelivery
    moments: tuple[Moment, ...]
    siblings: tuple[StaffDelivery, ...]
    is_in_inbox: bool


def list_deliveries(
    staff_user_id: int, wanted: DeliveryFilter, cursor: Cursor
) -> tuple[Page[Delivery], list[StaffDelivery], int]:
    """Return a page, the youngest first, the same rows in words, and about how many there are; two queries."""
    with staff_view(staff_user_id, "deliveries listed"):
        rows = _filtered(wanted)
        page = take_page(rows.only(*_SHOWN), cursor, key="message_key")
        return page, [_shown(row) for row in page.rows], estimate_count(rows)


def find_delivery_life(staff_user_id: int, delivery_id: int) -> DeliveryLife | None:
    """Return one message's life, or None; three queries."""
    with staff_view(staff_user_id, "delivery read", target=f"delivery {delivery_id}"):
        row = Delivery.objects.only(*_SHOWN).filter(pk=delivery_id).first()
        if row is None:
            return None
        said = Notification.objects.filter(pk=row.notification_id).values_list("in_app", flat=True).get()
        others = Delivery.objects.only(*_SHOWN).filter(notification_id=row.notification_id).exclude(pk=row.pk)
        siblings = tuple(_shown(other) for other in others.order_by("channel"))
        events = list(ProviderEvent.objects.filter(delivery_id=row.pk).order_by("happened_at", "id").values(*_EVENT))
    return DeliveryLife(_shown(row), tuple(sorted(_moments(row, events), key=lambda one: one.at)), siblings, said)


def estimate_count(rows: QuerySet[Any]) -> int:
    """Return about how many rows there are, as the planner sees it: nothing is read, however many."""
    plan = json.loads(rows.order_by().only("pk").explain(format="json"))
    count: int = plan[0]["Plan"]["Plan Rows"]
    return count


def _filtered(wanted: DeliveryFilter) -> QuerySet[Delivery]:
    conditions = Q()
    for column in ("status", "channel", "kind"):
        value = getattr(wanted, column)
        if value:
            conditions &= Q(**{column: value})
    if wanted.since:
        conditions &= Q(message_key__gte=_first_key(wanted.since))
    if wanted.until:
        conditions &= Q(message_key__lt=_first_key(wanted.until + timedelta(days=1)))
    if wanted.who:
        conditions &= Q(address_digest=wanted.who)
    return Delivery.objects.filter(conditions)


def _first_key(day: date) -> UUID:
    milliseconds = int(datetime.combine(day, time(), tzinfo=UTC).timestamp() * 1000)
    return UUID(int=milliseconds << _UUID_RANDOM_BITS)


def _shown(row: Delivery) -> StaffDelivery:
    return StaffDelivery(
        id=row.pk,
        notification_id=row.notification_id,
        user_id=row.user_id,
        firm_id=row.firm_id,
        kind=row.kind,
        label=label_of(row.kind),
        channel=row.channel,
        channel_label=CHANNEL_LABELS[Channel(row.channel)],
        status=row.status,
        address=row.masked_address,
        reason=row.reason,
        attempts=row.attempts,
        segments=row.segments,
        vendor_message_id=row.vendor_message_id,
        gathered_in_id=row.gathered_in_id,
        available_at=row.available_at,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


_GOOD, _BAD = ("delivered", "opened", "clicked"), ("bounced", "failed", "complained")


def _moments(row: Delivery, events: list[dict[str, Any]]) -> Iterator[Moment]:
    yield Moment(row.created_at, "Promised", "in the transaction whose fact it tells")
    if row.sent_at:
        yield Moment(row.sent_at, "Handed over", _tries(row.attempts), "good")
    elif row.status in (Delivery.Status.PENDING, Delivery.Status.SENDING, Delivery.Status.HELD):
        yield Moment(row.available_at, "Waits until then", " · ".join(filter(None, (_tries(row.attempts), row.reason))))
    else:
        yield Moment(max(row.available_at, row.created_at), f"Ended: {row.status}", row.reason, _tone(row.status))
    for event in events:
        detail = " · ".join(filter(None, (event["vendor"], event["code"], event["outcome"])))
        yield Moment(event["happened_at"], event["kind"].capitalize(), detail, _tone(event["kind"]))


def _tone(status: str) -> str:
    if status in _GOOD:
        return "good"
    return "bad" if status in (*_BAD, "dead", "suppressed") else ""


def _tries(attempts: int) -> str:
    return "" if not attempts else "at the first try" if attempts == 1 else f"after {attempts} tries"
