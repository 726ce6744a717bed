"""Compare one entity with Clio's lists of ids, a page or a batch at a time, each in one transaction with its place."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise

import msgspec
from django.db.models import F
from django.utils import timezone

from apps.clio import errors
from apps.clio.contracts import RecordKey
from apps.clio.mirror import ENTITY_BY_NAME, Entity
from apps.clio.mirror.compare import (
    Listed,
    Scope,
    compare_page,
    scope_of,
    suspect_all,
    suspect_between,
)
from apps.clio.models import Reconciliation, Sweep, SweepFinding
from apps.clio.queries.optional_fields import list_taken_fields
from apps.clio.rules.reconciling import YOUNG, is_short
from apps.clio.services.judge_sweep import judge_sweep
from apps.clio.services.mend_findings import mend_findings
from apps.clio.services.one_user import OneUserCaller, check_same_user
from apps.clio.services.refresh_unmoved import refresh_unmoved
from apps.clio.vendors.clio_api import ClioApi, Page
from apps.core.errors import VendorRejected
from apps.core.jobs import extend_lease
from apps.core.tenancy import tenant

logger = logging.getLogger(__name__)
_MOST_RESTARTS = 3
_FROM_THE_START = {"list_number": 0, "cursor": "", "last_id": None, "seen": 0, "promised": None, "listed": 0}


class _Record(msgspec.Struct):
    id: int | str
    etag: str | None = None
    updated_at: str | None = None


_records = msgspec.json.Decoder(list[_Record])


def work_on_sweep(clio: OneUserCaller, reconciliation: Reconciliation, sweep: Sweep) -> None:
    """Take one step: read the next page of ids, or once they are read deal with a batch of what was found.

    Raises what Clio's calls raise, OtherUserConnected, LeaseLost.
    """
    entity = ENTITY_BY_NAME[sweep.entity]
    scope = scope_of(entity, is_whole=sweep.is_whole, young_since=reconciliation.started_at - YOUNG)
    if sweep.state == Sweep.State.MENDING:
        mend_findings(clio, sweep, entity)
        return
    try:
        page = _ask(clio, entity, scope, sweep)
    except errors.ClioRequestRefused:
        if not sweep.cursor or sweep.restarts >= _MOST_RESTARTS:
            raise
        _restart(sweep, in_order=sweep.in_order)  # a place in a list may grow old
        return
    listed = _listed(entity, page.records)
    if scope.in_order and sweep.in_order and not _ascends(listed, sweep.last_id):
        _restart(sweep, in_order=False)
        return
    if sweep.is_whole:
        refresh_unmoved(clio, entity, page, listed)
    _take(clio, entity, scope, sweep, page, listed)


def refuse_sweep(sweep: Sweep, refusal: VendorRejected) -> None:
    """Leave an entity out, in words for people: nothing of it is marked as gone, what was found is forgotten."""
    ids = {"firm_id": sweep.firm_id, "entity": sweep.entity, "code": refusal.code}
    logger.warning("clio.sweep_refused", extra=ids)
    with tenant(sweep.firm_id):
        SweepFinding.objects.filter(firm_id=sweep.firm_id, sweep_id=sweep.pk).delete()
        _update(
            sweep,
            state=Sweep.State.REFUSED,
            reason=refusal.code,
            detail=refusal.detail,
            finished_at=timezone.now(),
        )


def _ask(clio: OneUserCaller, entity: Entity, scope: Scope, sweep: Sweep) -> Page:
    variant, filters = scope.lists[sweep.list_number]
    parameters = {**entity.parameters(variant, taken=_taken(entity, sweep)), **filters}
    if not sweep.is_whole:
        parameters["fields"] = f"id,{entity.mark}"
    cursor = sweep.cursor

    def url(api: ClioApi) -> str:
        is_usable = cursor and api.is_ours(cursor)
        return cursor if is_usable else api.list_url(entity.endpoint, parameters)

    return clio(lambda api: api.get_page(url(api)))


def _taken(entity: Entity, sweep: Sweep) -> Collection[str]:
    return list_taken_fields(firm_id=sweep.firm_id, entity=entity.name, asked=entity.optional_fields)


def _listed(entity: Entity, records: bytes) -> list[Listed]:
    by_etag = entity.mark == "etag"
    return [Listed(each.id, each.etag if by_etag else each.updated_at) for each in _records.decode(records)]


def _ascends(listed: Sequence[Listed], after: int | None) -> bool:
    keys = [each.key for each in listed]
    if not all(isinstance(key, int) for key in keys):
        return False
    before: list[RecordKey] = [] if after is None else [after]
    ordered = [int(key) for key in before + keys]
    return all(one < next_one for one, next_one in pairwise(ordered))


def _take(
    clio: OneUserCaller, entity: Entity, scope: Scope, sweep: Sweep, page: Page, listed: Sequence[Listed]
) -> None:
    """Compare a page and keep the place after it; after the last page of the last list, judge what is missing."""
    firm_id, is_first = sweep.firm_id, not sweep.cursor
    compares_stretch = scope.in_order and sweep.in_order and sweep.list_number == 0
    with tenant(firm_id):
        check_same_user(clio.grant, firm_id=firm_id, since=clio.since)
        extend_lease()
        if is_first and sweep.list_number == 0 and not compares_stretch:
            suspect_all(entity, firm_id=firm_id, sweep_id=sweep.pk, scope=scope)
        compare_page(entity, firm_id=firm_id, sweep_id=sweep.pk, page=listed)
        if compares_stretch:
            suspect_between(
                entity,
                firm_id=firm_id,
                sweep_id=sweep.pk,
                page=listed,
                after=sweep.last_id,
                is_last=page.next_url is None,
            )
        _advance(sweep, page, listed, is_first=is_first)
        if page.next_url is None and sweep.list_number == len(scope.lists):
            judge_sweep(sweep, entity, scope)


def _advance(sweep: Sweep, page: Page, listed: Sequence[Listed], *, is_first: bool) -> None:
    """Set the place after a page: within its list, or at the beginning of the next one."""
    sweep.seen += len(listed)
    sweep.listed += len(listed)
    sweep.pages += 1
    sweep.promised = page.total if is_first else sweep.promised
    place: dict[str, object] = {"cursor": page.next_url or "", "seen": sweep.seen, "promised": sweep.promised}
    if listed and isinstance(listed[-1].key, int):
        place["last_id"] = listed[-1].key
    if page.next_url is None:
        place |= {
            "list_number": sweep.list_number + 1,
            "last_id": None,
            "seen": 0,
            "promised": None,
            "is_short": sweep.is_short or is_short(seen=sweep.seen, promised=sweep.promised),
        }
    started_at: datetime = sweep.started_at or timezone.now()
    _update(
        sweep,
        state=Sweep.State.READING,
        started_at=started_at,
        listed=sweep.listed,
        pages=F("pages") + 1,
        **place,
    )


def _restart(sweep: Sweep, *, in_order: bool) -> None:
    with tenant(sweep.firm_id):
        SweepFinding.objects.filter(firm_id=sweep.firm_id, sweep_id=sweep.pk).delete()
        _update(sweep, **_FROM_THE_START, in_order=in_order, restarts=F("restarts") + 1, is_short=False)


def _update(sweep: Sweep, **values: object) -> None:
    Sweep.objects.filter(firm_id=sweep.firm_id, pk=sweep.pk).update(**values)
    for name, value in values.items():
        if not isinstance(value, F):
            setattr(sweep, name, value)
