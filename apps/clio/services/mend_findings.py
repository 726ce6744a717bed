"""Deal with what a sweep has found, a batch at a time: read it anew by its ids, and mark what Clio no longer has."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from apps.clio.contracts import RecordKey, Reread
from apps.clio.mirror import Entity
from apps.clio.mirror.compare import count_changed, database_clock
from apps.clio.mirror.gone import mark_gone
from apps.clio.models import Sweep, SweepFinding, SyncedEntity
from apps.clio.rules.sync_plan import IDS_AT_ONCE
from apps.clio.services.call_clio import read_list
from apps.clio.services.keep_records import ids_of, keep_records
from apps.clio.services.one_user import OneUserCaller, check_same_user
from apps.clio.services.reread_records import reread_records
from apps.clio.signals import mirror_changed
from apps.core.jobs import extend_lease
from apps.core.tenancy import tenant


def mend_findings(clio: OneUserCaller, sweep: Sweep, entity: Entity) -> None:
    """Deal with the next batch; end the sweep once nothing is left.

    A batch that was done and not written down by a worker that died is done once more, which changes nothing. Raises
    what `reread_records` does, OtherUserConnected, LeaseLost.
    """
    begun, batch = _next_batch(sweep, all_at_once=not entity.by_ids)
    if not batch:
        _end(sweep, entity)
        return
    keys = [_key(entity, each.record_key) for each in batch]
    if entity.by_ids:
        outcome = reread_records(firm_id=sweep.firm_id, entity_name=entity.name, ids=keys, caller=clio)
    else:
        outcome = _reread_list(clio, entity, keys)
    suspects = {_key(entity, each.record_key) for each in batch if each.kind == SweepFinding.Kind.MISSING}
    back = {_key(entity, each.record_key) for each in batch if each.kind == SweepFinding.Kind.BACK}
    with tenant(sweep.firm_id):
        extend_lease()
        _count(sweep, entity, outcome, begun, suspects=suspects, back=back, shown=set(keys) - suspects)
        SweepFinding.objects.filter(firm_id=sweep.firm_id, pk__in=[each.pk for each in batch]).delete()


def _count(
    sweep: Sweep,
    entity: Entity,
    outcome: Reread,
    begun: datetime,
    *,
    suspects: set[RecordKey],
    back: set[RecordKey],
    shown: set[RecordKey],
) -> None:
    """Add a batch to the report. What Clio's list lacked and Clio has all the same was stale if it changed by that."""
    firm_id = sweep.firm_id
    known = SyncedEntity.objects.filter(firm_id=firm_id, entity=entity.name)
    read_from = known.values_list("read_from", flat=True).first()
    moved, moved_late = count_changed(
        entity, firm_id=firm_id, keys=suspects - outcome.gone, begun=begun, read_from=read_from
    )
    _, shown_late = count_changed(entity, firm_id=firm_id, keys=shown - back, begun=begun, read_from=read_from)
    Sweep.objects.filter(firm_id=firm_id, pk=sweep.pk).update(
        gone=F("gone") + len(suspects & outcome.gone),
        stale=F("stale") + moved,
        missed=F("missed") + moved_late + shown_late,
        mended=F("mended") + len(shown - outcome.odd.keys()) + moved,
    )


def _next_batch(sweep: Sweep, *, all_at_once: bool) -> tuple[datetime, list[SweepFinding]]:
    """Return what to deal with next, and the database's instant before that."""
    with tenant(sweep.firm_id, read_only=True):
        findings = SweepFinding.objects.filter(firm_id=sweep.firm_id, sweep_id=sweep.pk).order_by("kind", "id")
        return database_clock(), list(findings if all_at_once else findings[:IDS_AT_ONCE])


def _key(entity: Entity, text: str) -> RecordKey:
    return text if entity.has_text_key else int(text)


def _reread_list(clio: OneUserCaller, entity: Entity, keys: Sequence[RecordKey]) -> Reread:
    """Where Clio gives no records by id, a second reading of the whole list confirms what is missing."""
    firm_id, told, has_changed = clio.firm_id, set[RecordKey](), False
    for variant in range(len(entity.variants)):
        for page in read_list(clio, entity, {}, variant=variant):
            kept = keep_records(entity, firm_id=firm_id, grant=clio.grant, page=page)
            told |= ids_of(page.records)
            has_changed = has_changed or kept.changed > 0
    missing = set(keys) - told
    with tenant(firm_id):
        check_same_user(clio.grant, firm_id=firm_id, since=clio.since)
        has_changed = bool(mark_gone(entity, firm_id=firm_id, ids=missing)) or has_changed
    if has_changed:
        mirror_changed.send_robust(sender=None, firm_id=firm_id, entities=frozenset({entity.name}))
    return Reread(frozenset(told), frozenset(missing), {}, has_changed)


def _end(sweep: Sweep, entity: Entity) -> None:
    with tenant(sweep.firm_id):
        sweep.state = Sweep.State.UNSURE if sweep.is_short else Sweep.State.DONE
        sweep.finished_at = timezone.now()
        sweep.save(update_fields=["state", "finished_at"])
        records = entity.model._default_manager.filter(firm_id=sweep.firm_id, gone_at=None).count()
        SyncedEntity.objects.filter(firm_id=sweep.firm_id, entity=entity.name).update(records=records)
