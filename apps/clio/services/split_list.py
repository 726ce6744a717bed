"""Read one long list in windows of dates, several at once, and prove that no record fell between them."""

import logging
from datetime import date
from typing import Any

import msgspec
from django.db.models import F
from django.utils import timezone

from apps.clio.mirror import Entity
from apps.clio.models import SyncChain, SyncStep
from apps.clio.rules.sync_plan import SplitRule, cut_into_windows
from apps.clio.services.hold_run import HeldRun, keep_holding
from apps.clio.services.write_pages import ActiveList, Progress, end_if_read
from apps.clio.vendors.clio_api import ClioApi
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_WINDOWS = 4
_records = msgspec.json.Decoder(list[dict[str, Any]])


def wants_split(active: ActiveList, rule: SplitRule, *, lists_at_once: int) -> bool:
    """Tell whether reading this list in windows from here on is faster: a whole list, long, and Clio slow to answer."""
    if not active.entity.windows or active.step.since or active.chain.number or not active.pages or not active.total:
        return False
    return rule.helps(
        pages_left=active.total / active.entity.page_size - active.pages,
        seconds_per_page=active.asked_seconds / active.pages,
        allowed_per_minute=active.allowed_per_minute,
        lists_at_once=lists_at_once,
    )


def split_list(api: ClioApi, held: HeldRun, active: ActiveList) -> bool:
    """Put windows beside a list, which from now on only closes the reading; tell whether that was possible.

    The windows leave out records without a date. So the list itself stays, at its place, until `close_windows` finds
    that they hold everything.
    """
    entity, chain = active.entity, active.chain
    first = _first_day(api, entity)
    if first is None:
        return False
    windows = cut_into_windows(first=first, last=timezone.now().date(), parts=_WINDOWS)
    with tenant(held.firm_id):
        keep_holding(held)
        closing = SyncChain.objects.select_for_update().get(firm_id=held.firm_id, pk=chain.pk)
        closing.state = SyncChain.State.CLOSING
        closing.save(update_fields=["state"])
        SyncStep.objects.filter(firm_id=held.firm_id, pk=active.step.pk).update(
            expected=F("expected") - (closing.expected or 0), records=F("records") - closing.records
        )
        SyncChain.objects.bulk_create(
            SyncChain(
                firm_id=held.firm_id,
                step_id=active.step.pk,
                number=number,
                variant=chain.variant,
                filters=_filters(entity, *window),
            )
            for number, window in enumerate(windows, start=_next_number(held, active.step))
        )
    logger.info("clio.list_split", extra={"run_id": held.run_id, "entity": entity.name, "windows": len(windows)})
    return True


def close_windows(api: ClioApi, held: HeldRun, chain: SyncChain, step: SyncStep, entity: Entity) -> Progress | None:
    """Tell by Clio's own counts of this moment whether the windows hold every record of the list they stand beside.

    If they do, the list is done without being read; if not, or where Clio does not tell, it is to be read on (None).
    """
    with tenant(held.firm_id, read_only=True):
        siblings = SyncChain.objects.filter(firm_id=held.firm_id, step_id=step.pk, variant=chain.variant)
        windows = [each.filters for each in siblings.exclude(pk=chain.pk).order_by("number")]
    counts = [_count(api, entity, chain.variant, filters) for filters in ({}, *windows)]
    known = [count for count in counts if count is not None]
    is_whole = len(known) == len(counts) and known[0] == sum(known[1:])
    with tenant(held.firm_id):
        keep_holding(held)
        state = SyncChain.State.DONE if is_whole else SyncChain.State.PENDING
        SyncChain.objects.filter(firm_id=held.firm_id, pk=chain.pk).update(state=state)
        return end_if_read(step, entity, firm_id=held.firm_id)[0] if is_whole else None


def _filters(entity: Entity, begins: date | None, ends: date | None) -> dict[str, str]:
    assert entity.windows is not None
    days = zip(entity.windows, (begins, ends), strict=True)
    return {name: day.isoformat() for name, day in days if day is not None}


def _next_number(held: HeldRun, step: SyncStep) -> int:
    return SyncChain.objects.filter(firm_id=held.firm_id, step_id=step.pk).count()


def _first_day(api: ClioApi, entity: Entity) -> date | None:
    """Ask for the earliest date; None where the list does not say. Records without one may come before it."""
    column = entity.ledger_date
    wanted = {"fields": f"id,{column}", "order": f"{column}(asc)", "limit": str(entity.page_size)}
    found = _records.decode(api.get_page(api.list_url(entity.endpoint, wanted)).records)
    dates = [each[column] for each in found if each.get(column)]
    try:
        return date.fromisoformat(min(dates)) if dates else None
    except (TypeError, ValueError):
        return None


def _count(api: ClioApi, entity: Entity, variant: int, filters: dict[str, str]) -> int | None:
    wanted = entity.parameters(variant) | {"fields": "id", "limit": "1"} | filters
    return api.get_page(api.list_url(entity.endpoint, wanted)).total
