"""Say how a firm's mirror is: facts from our tables, how Clio may be asked at the moment, and all of it in words."""

from datetime import datetime

from django.conf import settings
from django.db.models import Sum

from apps.clio.contracts import (
    ClioHealth,
    Concern,
    ConnectionStatus,
    EntityHealth,
    Pace,
    SyncProgress,
    WebhookHealth,
)
from apps.clio.errors import RegionClosed
from apps.clio.mirror import ENTITIES, ENTITY_BY_NAME
from apps.clio.models import ClioConnection, SyncedEntity, SyncRun, SyncStep
from apps.clio.queries.connections import find_connection
from apps.clio.queries.drift import count_held, find_last_drift, find_next_comparison
from apps.clio.queries.sight import count_hidden
from apps.clio.queries.syncs import find_progress, find_sync_state
from apps.clio.queries.webhooks import find_why_none, list_webhook_health
from apps.clio.rules import health as rules
from apps.clio.services.our_applications import host_of
from apps.clio.vendors.breaker import Breaker
from apps.clio.vendors.rate_budget import RateBudget
from apps.core.errors import VendorUnavailable
from apps.core.tenancy import tenant


def describe_health(*, firm_id: int, now: datetime) -> ClioHealth:
    """Return the firm's health, entity by entity; reads only, and asks Clio nothing."""
    with tenant(firm_id, read_only=True):
        connected = find_connection(firm_id=firm_id)
        entities = _entities(firm_id, now)
        sync, progress = find_sync_state(firm_id=firm_id), find_progress(firm_id=firm_id)
        hidden = count_hidden(firm_id=firm_id)
        webhooks = tuple(list_webhook_health(firm_id=firm_id, now=now))
        webhooks_detail = find_why_none(firm_id=firm_id)
        unannounced = _count_unannounced(firm_id, now)
        next_comparison_at = find_next_comparison(firm_id=firm_id)
        pace = _look_at_pace(firm_id)
    clio_user = connected.clio_user_name if connected else ""
    is_connected = connected is not None and connected.status is ConnectionStatus.CONNECTED
    concerns = [rules.concern_of_connection(connected.status if connected else None, clio_user=clio_user)]
    if is_connected:
        concerns.append(_concern_of_run(progress, pace))
        seldom = [each.name for each in ENTITIES if each.every_hours]
        concerns.append(rules.concern_of_age(entities, now=now, seldom=seldom))
        concerns.append(_concern_of_webhooks(webhooks, webhooks_detail, unannounced, now))
    if connected is not None:
        refused = [each.entity for each in entities if each.refused]
        concerns += rules.concerns_of_sight(
            hours=hidden.hours,
            rates=hidden.rates,
            contacts=hidden.contacts,
            matters=hidden.matters,
            refused=refused,
            clio_user=clio_user,
        )
        concerns += rules.concerns_of_drift(entities, clio_user=clio_user)
    found = sorted((each for each in concerns if each is not None), key=lambda each: not each.is_serious)
    lag = _seconds_since(sync.data_as_of, now)
    return ClioHealth(
        is_well=not any(each.is_serious for each in found),
        summary=rules.summary_of(concerns=found, lag_seconds=lag, is_complete=sync.is_complete),
        looked_at=now,
        connection=connected,
        sync=sync,
        run_state=progress.state if progress else "",
        run_reason=progress.reason if progress else "",
        run_detail=progress.detail if progress else "",
        goes_on_at=progress.goes_on_at if progress else None,
        lag_seconds=lag,
        pace=pace,
        webhooks=webhooks,
        webhooks_detail=webhooks_detail,
        next_comparison_at=next_comparison_at,
        concerns=tuple(found),
        entities=entities,
    )


def _entities(firm_id: int, now: datetime) -> tuple[EntityHealth, ...]:
    known = {each.entity: each for each in SyncedEntity.objects.filter(firm_id=firm_id)}
    drift, held = find_last_drift(firm_id=firm_id), count_held(firm_id=firm_id)
    found = []
    for entity in ENTITIES:
        row = known.get(entity.name)
        found.append(
            EntityHealth(
                entity=entity.name,
                label=rules.label_of(entity.name),
                records=row.records if row else 0,
                last_success_at=row.last_completed_at if row else None,
                lag_seconds=_seconds_since(row.read_from if row else None, now),
                refused=row.refused if row else "",
                held=held.get(entity.name, 0),
                drift=drift.get(entity.name),
            )
        )
    return tuple(found)


def _concern_of_run(progress: SyncProgress | None, pace: Pace | None) -> Concern | None:
    return rules.concern_of_run(
        reason=progress.reason if progress else "",
        detail=progress.detail if progress else "",
        is_parked=progress is not None and progress.state == SyncRun.State.PARKED,
        is_answering=pace is None or pace.is_answering,
    )


def _concern_of_webhooks(
    webhooks: tuple[WebhookHealth, ...], detail: str, unannounced: int, now: datetime
) -> Concern | None:
    heard = [each.last_heard_at for each in webhooks if each.last_heard_at]
    return rules.concern_of_webhooks(
        [each.state for each in webhooks],
        detail=detail,
        unannounced=unannounced,
        heard_at=max(heard, default=None),
        now=now,
    )


def _count_unannounced(firm_id: int, now: datetime) -> int:
    """Return how many changes of records that Clio announces the syncs of the last day had to find by themselves."""
    announced = [name for name, entity in ENTITY_BY_NAME.items() if entity.webhook_model]
    steps = SyncStep.objects.filter(
        firm_id=firm_id,
        entity__in=announced,
        since__isnull=False,
        finished_at__gt=now - rules.SILENT_AFTER,
    )
    return int(steps.aggregate(changed=Sum("changed"))["changed"] or 0)


def _look_at_pace(firm_id: int) -> Pace | None:
    connected = ClioConnection.objects.filter(firm_id=firm_id).first()
    if connected is None:
        return None
    try:
        breaker = Breaker(host_of(connected.region)).look()
        budget = RateBudget(f"connection-{connected.pk}", begins_with=settings.CLIO_REQUESTS_PER_MINUTE).look()
    except (VendorUnavailable, RegionClosed):
        return None
    ends = budget.resets_in_seconds or 0.0
    return Pace(not breaker.is_open, breaker.probes_in_seconds, budget.limit, budget.remaining, ends)


def _seconds_since(instant: datetime | None, now: datetime) -> int | None:
    return None if instant is None else max(int((now - instant).total_seconds()), 0)
