"""Ask Clio for a webhook: the intent first, then the call, then what came of it."""

import logging
import secrets
from datetime import datetime

from django.conf import settings

from apps.clio.contracts import WebhookTold
from apps.clio.errors import ClioForbids, ClioRequestRefused
from apps.clio.mirror import Entity
from apps.clio.models import Webhook
from apps.clio.rules.webhooks import LASTS, PATH, address_hash, events_of, ways_to_ask
from apps.clio.services.adopt_webhook import adopt_webhook
from apps.clio.services.call_clio import ClioCaller
from apps.clio.vendors.clio_webhooks import create_webhook
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_NOT_TAKEN = (400, 422)


def open_webhook(*, clio: ClioCaller, entity: Entity, now: datetime) -> None:
    """Register the firm's webhook of an entity's model, under a new address that nobody can guess.

    Clio may call that address before it has answered, so the row is there first. If the answer is lost, the webhook is
    found by its address in Clio's list. What Clio refuses is kept with its words, for people and for the next try.
    """
    token = secrets.token_urlsafe(32)
    webhook_id = _intend(clio.firm_id, entity, token, now)
    url = f"{settings.CLIO_WEBHOOK_BASE_URL}{PATH}{token}"
    try:
        told = _create(clio, entity, url, now)
    except (ClioForbids, ClioRequestRefused) as refusal:
        logger.warning("clio.webhook_not_opened", extra={"firm_id": clio.firm_id, "model": entity.webhook_model})
        with tenant(clio.firm_id):
            rows = Webhook.objects.filter(firm_id=clio.firm_id, pk=webhook_id)
            rows.update(state=Webhook.State.REFUSED, detail=refusal.detail)
        return
    adopt_webhook(firm_id=clio.firm_id, webhook_id=webhook_id, told=told, now=now, is_renewed=True)
    logger.info("clio.webhook_opened", extra={"firm_id": clio.firm_id, "model": entity.webhook_model})


def _intend(firm_id: int, entity: Entity, token: str, now: datetime) -> int:
    with tenant(firm_id):
        webhook, _ = Webhook.objects.update_or_create(
            firm_id=firm_id,
            model=entity.webhook_model,
            defaults={
                "address_hash": address_hash(token),
                "wanted": entity.webhook_fields,
                "state": Webhook.State.OPENING,
                "opened_at": now,
                "clio_webhook_id": None,
                "sealed_secret": "",
                "held_secret": "",
                "held_for": None,
                "held_until": None,
                "renewed_at": None,
                "expires_at": None,
                "lapse_told_at": None,
            },
        )
    return webhook.pk


def _create(clio: ClioCaller, entity: Entity, url: str, now: datetime) -> WebhookTold:
    refused: ClioRequestRefused | None = None
    for fields in ways_to_ask(entity.webhook_fields):
        try:
            return clio(
                lambda api, fields=fields: create_webhook(  # type: ignore[misc]  # bound now, not when it is called
                    api,
                    url=url,
                    model=entity.webhook_model,
                    fields=fields,
                    events=events_of(entity.webhook_model),
                    expires_at=now + LASTS,
                )
            )
        except ClioRequestRefused as refusal:
            if refusal.status not in _NOT_TAKEN:
                raise
            refused = refusal
    raise refused or AssertionError("an entity that is announced has fields")
