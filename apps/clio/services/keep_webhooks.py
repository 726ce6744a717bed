"""Make the firm's webhooks at Clio what they should be: all there, ours, awake, and far from their end."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from apps.billing import interface as billing
from apps.clio import errors
from apps.clio.contracts import WebhookTold
from apps.clio.mirror import Entity
from apps.clio.mirror.announced import ANNOUNCED
from apps.clio.models import Webhook, WebhookCare
from apps.clio.queries.connections import find_connection
from apps.clio.rules import webhooks as rules
from apps.clio.services.adopt_webhook import ENABLED_AT_CLIO, adopt_webhook
from apps.clio.services.call_clio import ClioCaller, calling_clio
from apps.clio.services.open_run import open_run
from apps.clio.services.open_webhook import open_webhook
from apps.clio.services.our_applications import host_of
from apps.clio.services.sweep_deliveries import forget_deliveries
from apps.clio.services.turns import HeldTurn, turn_at
from apps.clio.vendors.clio_webhooks import activate_webhook, list_webhooks, remove_webhook, renew_webhook
from apps.core.encryption import decrypt
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
# Clio tells nobody when a webhook ends, is suspended or is lost: only its list does.
CHECK_EVERY = timedelta(hours=6)
REFUSED_FOR = timedelta(days=1)
NO_ADDRESS = "Clio cannot call this address: {base}. Changes are found with every sync instead."
NO_PLAN = "The firm's plan does not allow a sync at the moment."
FORBIDDEN = "Clio does not let the connected user keep webhooks. Changes are found with every sync instead."


def keep_webhooks(*, firm_id: int, now: datetime) -> datetime | None:
    """Compare the firm's webhooks with Clio's list and mend what differs; return when to look again soon, or None.

    A lost, expired or suspended one is made anew, and a sync is opened that catches up by `updated_since`. Where there
    can be none, why is kept in words. Raises VendorUnavailable.
    """
    try:
        why_not = _why_not(firm_id)
    except errors.RegionClosed:
        return None
    if why_not:
        _note(firm_id, now, detail=why_not)
        return None
    try:
        with turn_at("webhooks", firm_id=firm_id) as turn, calling_clio(firm_id=firm_id) as clio:
            work = _Work(turn, clio, now)
            work.compare()
    except errors.TurnTaken as taken:
        return timezone.now() + timedelta(seconds=taken.retry_after_seconds)
    except errors.ClioBudgetSpent as spent:
        return timezone.now() + timedelta(seconds=spent.wait_seconds)
    except (errors.ClioNotConnected, errors.ClioGrantRevoked):
        return None
    except errors.ClioForbids:
        _note(firm_id, now, detail=FORBIDDEN)
        return None
    _note(firm_id, now, detail="")
    forget_deliveries(firm_id)
    if work.was_deaf:
        logger.warning("clio.webhooks_made_anew", extra={"firm_id": firm_id})
        open_run(firm_id=firm_id, full=False)
    return timezone.now() + rules.HANDSHAKE_TAKES if work.awaits_handshake else None


def _why_not(firm_id: int) -> str:
    base = settings.CLIO_WEBHOOK_BASE_URL
    connected = find_connection(firm_id=firm_id)
    if connected and not rules.can_be_called(base, clio_host=host_of(connected.region)):
        return NO_ADDRESS.format(base=base)
    return "" if billing.entitlement(firm_id=firm_id).may_sync else NO_PLAN


def _note(firm_id: int, now: datetime, *, detail: str) -> None:
    with tenant(firm_id):
        found = {"checked_at": now, "due_at": now + CHECK_EVERY, "detail": detail}
        WebhookCare.objects.update_or_create(firm_id=firm_id, defaults=found)


@dataclass(slots=True)
class _Work:
    """One comparison. was_deaf: announcements were lost. awaits_handshake: a webhook may wake by itself soon."""

    turn: HeldTurn
    clio: ClioCaller
    now: datetime
    was_deaf: bool = False
    awaits_handshake: bool = False

    def compare(self) -> None:
        with tenant(self.clio.firm_id):
            known = {each.model: each for each in Webhook.objects.filter(firm_id=self.clio.firm_id)}
        at_clio = self._list_ours({each.address_hash for each in known.values() if each.model in ANNOUNCED})
        for model, entity in ANNOUNCED.items():
            self.turn.keep()
            webhook = known.get(model)
            self._mend(entity, webhook, at_clio.get(webhook.address_hash) if webhook else None)
        self._forget([each for each in known.values() if each.model not in ANNOUNCED])
        with tenant(self.clio.firm_id):
            opening = Webhook.objects.filter(firm_id=self.clio.firm_id, state=Webhook.State.OPENING)
            self.awaits_handshake = opening.filter(opened_at__gt=self.now - rules.HANDSHAKE_TAKES).exists()

    def _list_ours(self, known: set[str]) -> dict[str, WebhookTold]:
        """Return Clio's webhooks by our digest of their address; those under our address we know nothing of go."""
        found: dict[str, WebhookTold] = {}
        for told in self.clio(list_webhooks):
            token = rules.token_of(told.url, base=settings.CLIO_WEBHOOK_BASE_URL)
            if token is None:
                continue
            digest = rules.address_hash(token)
            if digest in known and digest not in found:
                found[digest] = told
            else:
                self._remove(told)
        return found

    def _mend(self, entity: Entity, webhook: Webhook | None, told: WebhookTold | None) -> None:
        if webhook is None or told is None:
            self._open(entity, webhook)
        elif told.status == "suspended":
            self._remove(told)
            self._open(entity, webhook)
        else:
            self._look_after(entity, webhook, told)

    def _open(self, entity: Entity, webhook: Webhook | None) -> None:
        if webhook is not None and webhook.state == Webhook.State.REFUSED:
            if self.now - webhook.opened_at < REFUSED_FOR:
                return
        elif webhook is not None and webhook.clio_webhook_id is not None:
            self.was_deaf = True
        open_webhook(clio=self.clio, entity=entity, now=self.now)

    def _look_after(self, entity: Entity, webhook: Webhook, told: WebhookTold) -> None:
        if told.status != ENABLED_AT_CLIO and self.now - webhook.opened_at > rules.HANDSHAKE_TAKES:
            if not self._activate(webhook, told):
                self._remove(told)
                open_webhook(clio=self.clio, entity=entity, now=self.now)
                return
            told = replace(told, status=ENABLED_AT_CLIO)
        is_due = rules.is_renewal_due(renewed_at=webhook.renewed_at, expires_at=told.expires_at, now=self.now)
        if is_due or webhook.wanted != entity.webhook_fields or set(told.events) != set(webhook.events):
            renewed = self._renew(entity, webhook, told)
            if renewed is None:
                self._remove(told)
                self._open(entity, webhook)
                return
            told = replace(renewed, status=told.status, secret=renewed.secret or told.secret)
        is_renewed = is_due
        adopt_webhook(firm_id=self.clio.firm_id, webhook_id=webhook.pk, told=told, now=self.now, is_renewed=is_renewed)

    def _renew(self, entity: Entity, webhook: Webhook, told: WebhookTold) -> WebhookTold | None:
        """Prolong its life; fields that were declared anew mean a webhook made anew, as does Clio's refusal."""
        if webhook.wanted != entity.webhook_fields:
            return None
        ends = self.now + rules.LASTS
        events = rules.events_of(entity.webhook_model)
        try:
            return self.clio(
                lambda api: renew_webhook(api, told.clio_webhook_id, fields=told.fields, events=events, expires_at=ends)
            )
        except errors.ClioRequestRefused:
            return None

    def _activate(self, webhook: Webhook, told: WebhookTold) -> bool:
        """Complete from our side a handshake that never came, or whose answer was lost."""
        sealed = webhook.sealed_secret or webhook.held_secret
        secret = told.secret or (decrypt(sealed) if sealed else "")
        if not secret:
            return False
        try:
            self.clio(lambda api: activate_webhook(api, told.clio_webhook_id, secret=secret))
        except errors.ClioRequestRefused:
            return False
        return True

    def _remove(self, told: WebhookTold) -> None:
        self.clio(lambda api: remove_webhook(api, told.clio_webhook_id))

    def _forget(self, webhooks: list[Webhook]) -> None:
        with tenant(self.clio.firm_id):
            Webhook.objects.filter(firm_id=self.clio.firm_id, pk__in=[each.pk for each in webhooks]).delete()
