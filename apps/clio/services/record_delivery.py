"""Take a delivery of Clio's into the inbox: once, and only if Clio signed it."""

import hashlib
from datetime import datetime

from django.db import connection, transaction

from apps.clio.contracts import WebhookCall, WebhookReference
from apps.clio.errors import DeliveryNotSigned, DeliveryUnreadable, WebhookClosed, WebhookGone
from apps.clio.services.wake_reader import wake_reader
from apps.clio.vendors.clio_webhooks import is_signed, read_delivery
from apps.core.encryption import decrypt
from apps.core.tenancy import tenant

_WEBHOOK = """
SELECT model, clio_webhook_id, CASE WHEN sealed_secret <> '' THEN sealed_secret
                                    WHEN held_until > %s THEN held_secret ELSE '' END
FROM clio_webhooks WHERE firm_id = %s AND id = %s
"""
_KEEP = """
INSERT INTO clio_webhook_deliveries (firm_id, model, event, record_id, digest) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (firm_id, digest) DO NOTHING
"""


def record_delivery(reference: WebhookReference, body: bytes, *, signature: str, now: datetime) -> None:
    """Store what Clio announces and wake a reader. The same announcement a second time changes nothing.

    Raises WebhookGone, WebhookClosed without a secret, DeliveryNotSigned, DeliveryUnreadable.
    """
    firm_id = reference.firm_id
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute(_WEBHOOK, [now, firm_id, reference.webhook_id])
        row: tuple[str, int | None, str] | None = cursor.fetchone()
        if row is None:
            raise WebhookGone
        model, clio_webhook_id, sealed_secret = row
        if not sealed_secret:
            raise WebhookClosed
        if not is_signed(body, signature=signature, secret=decrypt(sealed_secret)):
            raise DeliveryNotSigned
        call = read_delivery(body)
        if None not in (call.clio_webhook_id, clio_webhook_id) and call.clio_webhook_id != clio_webhook_id:
            raise DeliveryUnreadable("It names another webhook than the one of this address.")
        cursor.execute(_KEEP, [firm_id, model, call.event, call.record_id, _digest(reference, call, body)])
        if cursor.rowcount:
            transaction.on_commit(lambda: wake_reader(firm_id=firm_id), robust=True)


def _digest(reference: WebhookReference, call: WebhookCall, body: bytes) -> bytes:
    """Name a hint by what it says and by its bytes: whether an etag moves with what is nested is not told."""
    said = hashlib.sha256(body).hexdigest()
    parts = (str(reference.webhook_id), str(call.clio_webhook_id or ""), call.event, call.record_id, call.version, said)
    return hashlib.sha256("\n".join(parts).encode()).digest()
