"""Tell administrators what is not well with Clio: each thing once, and again only after it was well in between."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.accounts import interface as accounts
from apps.clio.contracts import ClioHealth, Concern
from apps.clio.models import HealthAlert
from apps.clio.queries.connections import list_connected_firms
from apps.clio.rules.health import lag_in_words
from apps.clio.services.describe_health import describe_health
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
# What each thing that is hidden is called in a sentence.
_HIDDEN = {
    "hidden_hours": "hours of time entries",
    "hidden_rates": "rates and amounts of time entries",
    "hidden_contacts": "clients",
    "hidden_matters": "matters",
    "held": "records that were shown before",
}
_TOLD = ("failing", "drift", "webhooks_silent", *_HIDDEN)


def watch_health(*, now: datetime | None = None) -> int:
    """Look at every connected firm; return how many things were told. A firm that cannot be looked at spares others."""
    now = now or timezone.now()
    told = 0
    for firm_id in list_connected_firms():
        try:
            told += watch_firm(firm_id=firm_id, now=now)
        except Exception:
            logger.exception("clio.health_not_seen", extra={"firm_id": firm_id})
    return told


def watch_firm(*, firm_id: int, now: datetime) -> int:
    """Compare a firm's health with what administrators know of it, and tell the difference; return how many things.

    What is told and that it was told are one transaction.
    """
    health = describe_health(firm_id=firm_id, now=now)
    present = {each.kind: each for each in health.concerns if each.kind in _TOLD}
    with tenant(firm_id):
        known = {each.kind: each for each in HealthAlert.objects.select_for_update().filter(firm_id=firm_id)}
        for kind in known.keys() - present.keys():
            _forget(known[kind], now)
        new = [concern for kind, concern in present.items() if kind not in known]
        told = sum(_tell(firm_id, health, concern, now) for concern in new)
    for concern in new:
        logger.warning("clio.health_alert", extra={"firm_id": firm_id, "kind": concern.kind})
    return told


def _tell(firm_id: int, health: ClioHealth, concern: Concern, now: datetime) -> bool:
    begun_at = _begun_at(health, now) if concern.kind == "failing" else now
    _, is_new = HealthAlert.objects.get_or_create(
        firm_id=firm_id, kind=concern.kind, defaults={"begun_at": begun_at, "told_at": now}
    )
    if not is_new:
        return False
    kind, context = _message(health, concern, now)
    firm = accounts.get_firm_profile(firm_id=firm_id).name
    accounts.tell_administrators(firm_id=firm_id, kind=kind, firm=firm, address=_address(), **context)
    return True


def _message(health: ClioHealth, concern: Concern, now: datetime) -> tuple[str, dict[str, Any]]:
    if concern.kind == "failing":
        reason = health.run_detail or "Clio does not answer as it should."
        since = _begun_at(health, now).isoformat()
        return "clio.sync_failing", {"subject_matter": _late(health), "last_success_at": since, "reason": reason}
    if concern.kind == "drift":
        reports = [each.drift for each in health.entities if each.drift is not None]
        found, mended = sum(each.missed for each in reports), sum(min(each.missed, each.mended) for each in reports)
        checked_on = max(each.checked_at for each in reports).date().isoformat()
        return "clio.drift_found", {"found": found, "mended": mended, "checked_on": checked_on}
    if concern.kind == "webhooks_silent":
        heard = [each.last_heard_at or each.expires_at or now for each in health.webhooks]
        since = min([*heard, now - timedelta(days=1)]).isoformat()
        return "clio.webhooks_lapsed", {"since_at": since}
    user = health.connection.clio_user_name if health.connection else ""
    return "clio.sight_reduced", {
        "hidden": concern.count,
        "subject_matter": _HIDDEN[concern.kind],
        "clio_user": user or "the connected user",
    }


def _forget(alert: HealthAlert, now: datetime) -> None:
    alert.delete()
    if alert.kind != "failing":
        return
    accounts.tell_administrators(
        firm_id=alert.firm_id,
        kind="clio.sync_recovered",
        firm=accounts.get_firm_profile(firm_id=alert.firm_id).name,
        address=_address(),
        behind_for=lag_in_words((now - alert.begun_at).total_seconds()),
    )


def _begun_at(health: ClioHealth, now: datetime) -> datetime:
    return now - timedelta(seconds=max(each.lag_seconds or 0 for each in health.entities))


def _late(health: ClioHealth) -> str:
    oldest = max(health.entities, key=lambda each: each.lag_seconds or 0)
    return oldest.label


def _address() -> str:
    return f"{settings.PUBLIC_BASE_URL}/firm/clio"
