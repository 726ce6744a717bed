"""Take the secret of a webhook's handshake, also before Clio has told us which webhook it made."""

from datetime import datetime

from apps.clio import jobs
from apps.clio.contracts import WebhookReference
from apps.clio.errors import DeliveryUnreadable, WebhookGone
from apps.clio.models import Webhook
from apps.clio.rules.webhooks import HELD_FOR
from apps.core.encryption import decrypt, encrypt
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

LONGEST_SECRET = 500


def take_handshake(reference: WebhookReference, *, secret: str, clio_webhook_id: int | None, now: datetime) -> None:
    """Keep the secret: for good where it is the webhook's first, held for a while where more must be known first.

    Held is what comes before Clio's answer told the webhook's id, and what would replace a secret that works: the
    address alone is no proof, so Clio is asked. Raises WebhookGone, DeliveryUnreadable.
    """
    if not secret.isprintable() or len(secret) > LONGEST_SECRET:
        raise DeliveryUnreadable("The secret of the handshake cannot be one.")
    with tenant(reference.firm_id):
        webhook = Webhook.objects.select_for_update().filter(firm_id=reference.firm_id, pk=reference.webhook_id).first()
        if webhook is None:
            raise WebhookGone
        known = decrypt(webhook.sealed_secret) if webhook.sealed_secret else ""
        is_told = webhook.clio_webhook_id is not None and clio_webhook_id in (None, webhook.clio_webhook_id)
        if is_told and known in ("", secret):
            webhook.sealed_secret = webhook.sealed_secret or encrypt(secret)
            webhook.state = Webhook.State.ENABLED
            webhook.save(update_fields=["sealed_secret", "state"])
            return
        webhook.held_secret, webhook.held_for = encrypt(secret), clio_webhook_id
        webhook.held_until = now + HELD_FOR
        webhook.save(update_fields=["held_secret", "held_for", "held_until"])
        if known:
            enqueue(jobs.KEEP_WEBHOOKS, firm_id=reference.firm_id, dedupe_key="webhooks")
