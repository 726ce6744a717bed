"""Write down what Clio told of a webhook of ours."""

from datetime import datetime

from apps.clio.contracts import WebhookTold
from apps.clio.models import Webhook
from apps.core.encryption import decrypt, encrypt
from apps.core.tenancy import tenant

ENABLED_AT_CLIO = "enabled"


def adopt_webhook(*, firm_id: int, webhook_id: int, told: WebhookTold, now: datetime, is_renewed: bool = False) -> bool:
    """Keep id, events, fields and expiry, and settle which secret counts; tell whether the webhook works now.

    A secret Clio tells is the truth. Where it tells none, one held from a handshake becomes the first; it never
    replaces one that Clio does not confirm. is_renewed: Clio has just prolonged its life.
    """
    with tenant(firm_id):
        webhook = Webhook.objects.select_for_update().get(firm_id=firm_id, pk=webhook_id)
        webhook.clio_webhook_id, webhook.fields = told.clio_webhook_id, told.fields
        webhook.events, webhook.expires_at = list(told.events), told.expires_at
        shook_hands = _settle_secret(webhook, told, now)
        if webhook.sealed_secret and (told.status == ENABLED_AT_CLIO or shook_hands):
            webhook.state = Webhook.State.ENABLED
        if is_renewed:
            webhook.renewed_at, webhook.lapse_told_at = now, None
        webhook.detail = ""
        webhook.save()
    return webhook.state == Webhook.State.ENABLED


def _settle_secret(webhook: Webhook, told: WebhookTold, now: datetime) -> bool:
    """Tell whether a handshake that waited for this was the webhook's."""
    is_held = webhook.held_until is not None and webhook.held_until > now
    is_its = is_held and webhook.held_for in (None, told.clio_webhook_id)
    held = decrypt(webhook.held_secret) if is_its and webhook.held_secret else ""
    if told.secret:
        known = decrypt(webhook.sealed_secret) if webhook.sealed_secret else ""
        webhook.sealed_secret = webhook.sealed_secret if known == told.secret else encrypt(told.secret)
    elif held and not webhook.sealed_secret:
        webhook.sealed_secret = encrypt(held)
    webhook.held_secret, webhook.held_for, webhook.held_until = "", None, None
    return bool(held) and webhook.sealed_secret != "" and decrypt(webhook.sealed_secret) == held
