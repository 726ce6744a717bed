"""Take a vendor's verified callback into the inbox: once, and only about a message that is ours."""

import logging
from datetime import datetime

from django.db import connection, transaction

from apps.core.encryption import encrypt
from apps.core.tenancy import knowing_address
from apps.notifications.contracts import Channel, DeliveryReference, EventKind, InboundSms, VendorEvent
from apps.notifications.errors import CallbackReplayed
from apps.notifications.models import Delivery, ProviderEvent
from apps.notifications.queries.deliveries import find_delivery_by_key
from apps.notifications.queries.suppressions import digest_of
from apps.notifications.rules.sms_keywords import meaning_of
from apps.notifications.services.delivery_lease import delivery_rows
from apps.notifications.services.wake_for_events import wake_for_events

logger = logging.getLogger(__name__)
_INSERT_ONCE = "INSERT INTO notifications_usedtoken (digest) VALUES (%s) ON CONFLICT (digest) DO NOTHING RETURNING id"


def record_event(event: VendorEvent | None, *, token_digest: str = "") -> None:
    """Store an event about a delivery and wake a worker, in one transaction. A second time changes nothing.

    token_digest: of the signature's token, where its vendor has one; taken even if the event says nothing to us.
    An event about no message of ours is dropped. Raises CallbackReplayed.
    """
    with transaction.atomic():
        if token_digest:
            _take_token(token_digest)
        if event is None or event.message_key is None:
            return
        reference = find_delivery_by_key(event.message_key)
        if reference is None or not _store_about(reference, event):
            logger.warning("notifications.event_unmatched", extra={"vendor": event.vendor, "kind": event.kind})


def record_inbound(message: InboundSms, *, vendor: str, now: datetime) -> EventKind | None:
    """Store what somebody asked for by text message and wake a worker; return what it is, None when it is no keyword.

    The vendor's own reading, in whatever language, goes first. A second time changes nothing.
    """
    asked = meaning_of(message.stated_meaning) or meaning_of(message.text)
    if asked is None:
        return None
    event = VendorEvent(
        vendor=vendor,
        delivery_key=f"{message.vendor_message_id}:inbound",
        kind=asked,
        address=message.address,
        happened_at=now,
        vendor_message_id=message.vendor_message_id,
    )
    digest = digest_of(Channel.SMS, message.address)
    with knowing_address(digest):
        _insert(event, digest, None)
    return asked


def _take_token(digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_ONCE, [digest])
        if cursor.fetchone() is None:
            raise CallbackReplayed


def _store_about(reference: DeliveryReference, event: VendorEvent) -> bool:
    """Whoever knows our signing key's owner may still tell of a mail to somebody else: the recipient must be ours."""
    with delivery_rows(reference):
        delivery = Delivery.objects.get(pk=reference.delivery_id)
        digest = digest_of(Channel(delivery.channel), event.address)
        is_ours = delivery.address_digest == digest and _same_message(delivery, event)
        if is_ours:
            _insert(event, digest, delivery)
        return is_ours


def _same_message(delivery: Delivery, event: VendorEvent) -> bool:
    """Both names are known only once a vendor's answer reached us; until then our own key in the event must do."""
    return event.vendor_message_id in ("", delivery.vendor_message_id) or not delivery.vendor_message_id


def _insert(event: VendorEvent, digest: str, delivery: Delivery | None) -> None:
    row = ProviderEvent(
        vendor=event.vendor,
        delivery_key=event.delivery_key,
        kind=event.kind,
        delivery=delivery,
        user_id=delivery.user_id if delivery else None,
        firm_id=delivery.firm_id if delivery else None,
        vendor_message_id=event.vendor_message_id[:200],
        address_digest=digest,
        sealed_address=encrypt(event.address),
        code=event.code,
        makes_unusable=event.makes_unusable or "",
        happened_at=event.happened_at,
    )
    ProviderEvent.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(wake_for_events, robust=True)
