"""How the messages to a person went, as they may read it themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core.pages import Cursor, Page, take_page
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.errors import UnknownKind
from apps.notifications.models import Delivery
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.rules.labels import CHANNEL_LABELS, GATHERED_LABEL, STATUS_LABELS

_SHOWN = (
    *("message_key", "kind", "channel", "masked_address", "status", "reason", "gathered_in_id"),
    *("created_at", "sent_at", "user_id"),
)
# Why it waits or was not sent is the person's to know; what a vendor said to us is not.
_REASON_SHOWN = (Delivery.Status.HELD, Delivery.Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class OwnDelivery:
    """One message on one channel in the words of its recipient."""

    id: UUID
    kind: str
    label: str
    channel: str
    channel_label: str
    address: str
    status: str
    status_label: str
    reason: str
    created_at: datetime
    sent_at: datetime | None


def list_own_deliveries(user_id: int, cursor: Cursor) -> tuple[Page[Delivery], list[OwnDelivery]]:
    """Return a page of the messages to a person, the youngest first, and the same rows in words."""
    with acting_as(user_id, read_only=True):
        rows = Delivery.objects.filter(user_id=user_id).only(*_SHOWN)
        page = take_page(rows, cursor, key="message_key")
    return page, [_own(row) for row in page.rows]


def label_of(kind: str) -> str:
    """Return a kind's label; its key, when the catalogue has it no more."""
    try:
        return get_kind(kind).label
    except UnknownKind:
        return kind


def _own(row: Delivery) -> OwnDelivery:
    was_gathered = row.gathered_in_id is not None
    return OwnDelivery(
        id=row.message_key,
        kind=row.kind,
        label=label_of(row.kind),
        channel=row.channel,
        channel_label=CHANNEL_LABELS[Channel(row.channel)],
        address=row.masked_address,
        status="gathered" if was_gathered else row.status,
        status_label=GATHERED_LABEL if was_gathered else STATUS_LABELS[row.status],
        reason=row.reason if row.status in _REASON_SHOWN and not was_gathered else "",
        created_at=row.created_at,
        sent_at=row.sent_at,
    )
